"""A report for a terminal: the verdict first, then plain tables, in lines of at most 100 columns."""

from __future__ import annotations

import shlex
import textwrap
from collections.abc import Iterator

from calibrant.analysis.table import plain_table
from calibrant.printable import printable, shortened, width
from calibrant.report.model import AnyReport
from calibrant.report.outline import Block, Command, Grid, Paragraph, Section, outline

WIDTH = 100
MOST_ROWS = 12
"""Classes and groups that are shown; the others are better."""

_INDENT = "    "
_NARROWEST = 12


def as_text(report: AnyReport) -> str:
    """Return the report as plain text, without a line end at its end.

    Parameters
    ----------
    report : PredictionsReport, ComparisonReport or StudyReport
        What is to be read.
    """
    return "\n\n".join("\n".join(_section(section)) for section in outline(report, most=MOST_ROWS))


def _section(section: Section) -> Iterator[str]:
    title = shortened(printable(section.title), WIDTH)
    yield title
    yield ("=" if section.depth == 1 else "-") * width(title)
    for number, block in enumerate(section.blocks):
        if number and not isinstance(block, Command):
            yield ""
        yield from _block(block)


def _block(block: Block) -> Iterator[str]:
    if isinstance(block, Paragraph):
        yield from _wrapped(block.text)
    elif isinstance(block, Command):
        yield from _command(block.text)
    elif isinstance(block, Grid):
        if block.caption:
            yield from _wrapped(block.caption)
        yield from _grid(block)
    else:
        yield from (_INDENT + printable(line) for line in block.text.splitlines())


def _wrapped(text: str) -> list[str]:
    return textwrap.wrap(printable(text), WIDTH, break_on_hyphens=False)


def _command(text: str) -> Iterator[str]:
    """Yield a command in lines that a shell joins again."""
    try:
        words = [shlex.quote(printable(word)) for word in shlex.split(text)]
    except ValueError:
        words = printable(text).split(" ")
    line = _INDENT + "".join(words[:1])
    for word in words[1:]:
        if len(line) + len(word) + len(" \\") + 1 > WIDTH:
            yield f"{line} \\"
            line = _INDENT * 2 + word
        else:
            line = f"{line} {word}"
    yield line


def _grid(grid: Grid) -> Iterator[str]:
    header = [printable(cell) for cell in grid.header]
    rows = [[printable(cell) for cell in row] for row in grid.rows]
    for column in _left_out(grid, header, rows):
        del header[column]
        for row in rows:
            del row[column]
    beyond = _columns([header, *rows]) - WIDTH
    if beyond > 0:
        widths = _widths([header, *rows])
        widest = widths.index(max(widths))
        for row in [header, *rows]:
            row[widest] = shortened(row[widest], max(widths[widest] - beyond, _NARROWEST))
    if _columns([header, *rows]) <= WIDTH:
        yield from plain_table(header, rows).splitlines()
    else:
        yield from _one_by_one(header, rows)


def _left_out(grid: Grid, header: list[str], rows: list[list[str]]) -> list[int]:
    """Return the spare columns to leave out until the table fits, the last column first."""
    left_out: list[int] = []
    for column in grid.spare:
        kept = [[cell for at, cell in enumerate(row) if at not in left_out] for row in [header, *rows]]
        if _columns(kept) <= WIDTH:
            break
        left_out.append(column)
    return sorted(left_out, reverse=True)


def _columns(rows: list[list[str]]) -> int:
    """Return how wide a table is."""
    return sum(_widths(rows)) + 2 * (len(rows[0]) - 1)


def _widths(rows: list[list[str]]) -> list[int]:
    return [max(width(row[column]) for row in rows) for column in range(len(rows[0]))]


def _one_by_one(header: list[str], rows: list[list[str]]) -> Iterator[str]:
    """Yield a table that is too wide as a paragraph a row."""
    for name, *cells in rows:
        named = zip(header[1:], cells, strict=True)
        text = "; ".join(f"{column} {cell}".strip() for column, cell in named if cell)
        yield from textwrap.wrap(f"{name}: {text}", WIDTH, subsequent_indent="  ", break_on_hyphens=False)
