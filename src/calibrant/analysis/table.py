"""Plain-text tables that line up: columns of words to the left, those of numbers to the right."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from calibrant.html_blocks import Block


def plain_table(header: Sequence[str], rows: Sequence[Sequence[str]], words: int = 1) -> str:
    """Return the table as lines without trailing blanks; columns of words stand left."""
    cells = [list(header), *(list(row) for row in rows)]
    widths = [max(len(row[column]) for row in cells) for column in range(len(header))]
    lines = []
    for row in cells:
        placed = (
            cell.ljust(width) if column < words else cell.rjust(width)
            for column, (cell, width) in enumerate(zip(row, widths, strict=True))
        )
        lines.append("  ".join(placed).rstrip())
    return "\n".join(lines)


def as_text(blocks: Iterable[Block]) -> str:
    """Return paragraphs and tables under each other; an empty paragraph is an empty line."""
    return "\n".join(
        block if isinstance(block, str) else plain_table(block.header, block.rows, block.words)
        for block in blocks
    )
