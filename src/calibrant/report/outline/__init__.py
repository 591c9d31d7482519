"""A report as sections that any view of text can set. It reads the model and knows no markup."""

from calibrant.report.outline.blocks import Block, Command, Grid, Paragraph, Section, Verbatim
from calibrant.report.outline.whole import outline

__all__ = ["Block", "Command", "Grid", "Paragraph", "Section", "Verbatim", "outline"]
