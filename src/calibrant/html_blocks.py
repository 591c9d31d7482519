"""Text and tables as HTML for notebooks: all is escaped, and no colour is set, so dark pages stay dark.

What the tables say is decided by the results that they show.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from html import escape

from calibrant.printable import printable

_NUMBERS = ' style="text-align: right; font-variant-numeric: tabular-nums"'
_NAMES = ' style="text-align: left"'


@dataclass(frozen=True, slots=True)
class Grid:
    """A table of words and numbers that are already written.

    Attributes
    ----------
    header : sequence of str
        One a column; without any, the table has no head.
    rows : sequence of sequence of str
        Cells, as many as columns.
    words : int
        Columns from the left that hold words, not numbers, and stand left.
    """

    header: Sequence[str]
    rows: Sequence[Sequence[str]]
    words: int = 1


Block = str | Grid
"""A paragraph, whose lines stay lines, or a table."""


def as_html(blocks: Iterable[Block]) -> str:
    """Return paragraphs and tables as one piece of HTML; empty paragraphs are left out.

    Examples
    --------
    >>> as_html(["a < b"])
    '<div><p>a &lt; b</p></div>'
    """
    return f"<div>{''.join(_of(block) for block in blocks if block)}</div>"


def _of(block: Block) -> str:
    if isinstance(block, str):
        lines = (escape(printable(line.strip())) for line in block.strip().split("\n"))
        return f"<p>{'<br>'.join(lines)}</p>"
    head = f"<thead>{_row('th', block.header, block.words)}</thead>" if any(block.header) else ""
    body = "".join(_row("td", row, block.words) for row in block.rows)
    return f"<table>{head}<tbody>{body}</tbody></table>"


def _row(tag: str, cells: Sequence[str], words: int) -> str:
    written = (
        f"<{tag}{_NAMES if column < words else _NUMBERS}>{escape(printable(cell.strip()))}</{tag}>"
        for column, cell in enumerate(cells)
    )
    return f"<tr>{''.join(written)}</tr>"
