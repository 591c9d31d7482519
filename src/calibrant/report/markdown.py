"""A report as a Markdown document: sections, tables in place of figures, and names that stay text."""

from __future__ import annotations

import re
from collections.abc import Iterator

from calibrant.printable import printable
from calibrant.report.model import AnyReport
from calibrant.report.outline import Block, Command, Grid, Paragraph, Section, outline

_MEANT = re.compile(r"([\\`*_\[\]|~$#])")
_AT_START = re.compile(r"^(\s*)([-+=]|\d+[.)])(?=\s|$|[-+=])")


def as_markdown(report: AnyReport) -> str:
    """Return the report as a document, with a line end at its end.

    Parameters
    ----------
    report : PredictionsReport, ComparisonReport or StudyReport
        What is to be read.
    """
    return "\n".join(line for section in outline(report) for line in _section(section)).rstrip("\n") + "\n"


def escaped(text: str) -> str:
    r"""Return text of others as Markdown that reads as it.

    Examples
    --------
    >>> print(escaped("a|b <img> *c* https://d"))
    a\|b &lt;img&gt; \*c\* https&#58;//d
    """
    plain = printable(text).replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")
    plain = (
        _MEANT.sub(r"\\\1", plain).replace("://", "&#58;//").replace("www.", "www&#46;").replace("@", "&#64;")
    )
    return _AT_START.sub(lambda found: f"{found[1]}{_entity(found[2])}", plain)


def _section(section: Section) -> Iterator[str]:
    yield f"{'#' * section.depth} {escaped(section.title)}"
    yield ""
    for block in section.blocks:
        yield from _block(block)
        yield ""


def _block(block: Block) -> Iterator[str]:
    if isinstance(block, Paragraph):
        yield escaped(block.text)
    elif isinstance(block, Command):
        yield from _fenced(block.text, "sh")
    elif isinstance(block, Grid):
        if block.caption:
            yield f"{escaped(block.caption)}:"
            yield ""
        yield from _table(block)
    else:
        yield from _fenced(block.text, "toml")


def _table(grid: Grid) -> Iterator[str]:
    yield _row(grid.header)
    yield _row(("---", *("--:" for _ in grid.header[1:])), as_text=False)
    for row in grid.rows:
        yield _row(row)


def _row(cells: tuple[str, ...], *, as_text: bool = True) -> str:
    return f"| {' | '.join(escaped(cell) if as_text else cell for cell in cells)} |"


def _fenced(text: str, language: str) -> Iterator[str]:
    lines = [printable(line) for line in text.splitlines()]
    longest = max((len(run) for line in lines for run in re.findall(r"`+", line)), default=0)
    fence = "`" * max(3, longest + 1)
    yield f"{fence}{language}"
    yield from lines
    yield fence


def _entity(mark: str) -> str:
    """Return a mark that begins a list or a heading so that it does not."""
    return f"{mark[:-1]}&#{ord(mark[-1])};"
