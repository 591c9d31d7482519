"""Plain-text tables that line up: columns of words to the left, those of numbers to the right."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from calibrant.html_blocks import Block
from calibrant.printable import LONGEST_CELL, shown, width


def plain_table(header: Sequence[str], rows: Sequence[Sequence[str]], words: int = 1) -> str:
    """Return the table as lines without trailing blanks; columns of words stand left.

    Cells are text of others: what would not be seen is shown, and what is very long is cut.
    """
    cells = [[shown(cell, LONGEST_CELL) for cell in row] for row in (header, *rows)]
    widths = [max(width(row[column]) for row in cells) for column in range(len(header))]
    lines = []
    for row in cells:
        blanks = [" " * (most - width(cell)) for cell, most in zip(row, widths, strict=True)]
        placed = (
            cell + blank if column < words else blank + cell
            for column, (cell, blank) in enumerate(zip(row, blanks, strict=True))
        )
        lines.append("  ".join(placed).rstrip())
    return "\n".join(lines)


def as_text(blocks: Iterable[Block]) -> str:
    """Return paragraphs and tables under each other; an empty paragraph is an empty line."""
    return "\n".join(
        block if isinstance(block, str) else plain_table(block.header, block.rows, block.words)
        for block in blocks
    )
