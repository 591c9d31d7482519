"""What a report reads as without a page: sections of paragraphs, commands, tables and text kept as it is.

How they are set is the business of the views.
"""

from __future__ import annotations

from dataclasses import dataclass

Cells = tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Paragraph:
    """Plain sentences."""

    text: str


@dataclass(frozen=True, slots=True)
class Command:
    """Words to paste into a shell."""

    text: str


@dataclass(frozen=True, slots=True)
class Verbatim:
    """Lines that stay as they are, such as a recipe."""

    text: str


@dataclass(frozen=True, slots=True)
class Grid:
    """A table.

    Attributes
    ----------
    header : tuple of str
        Of the columns; the first holds the names of the rows.
    rows : tuple of tuple of str
        Cells.
    caption : str
        What is said above it; may be empty.
    spare : tuple of int
        Columns that a narrow view leaves out, the first of them first.
    """

    header: Cells
    rows: tuple[Cells, ...]
    caption: str = ""
    spare: tuple[int, ...] = ()


Block = Paragraph | Command | Verbatim | Grid


@dataclass(frozen=True, slots=True)
class Section:
    """Blocks under a title.

    Attributes
    ----------
    title : str
        Of the section.
    blocks : tuple of Block
        In order.
    depth : int
        1 for the title of the report, 2 for its sections, 3 for parts of them.
    """

    title: str
    blocks: tuple[Block, ...]
    depth: int = 2
