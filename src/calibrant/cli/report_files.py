"""How a report becomes a file: a page, a Markdown document or JSON, by the suffix."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from calibrant.errors import InvalidArgument

if TYPE_CHECKING:
    from calibrant.report.model import AnyReport

SUFFIXES = (".html", ".md", ".json")


def check_output(path: Path) -> None:
    """Raise `InvalidArgument` for a suffix that no report has, before any work is done."""
    if path.suffix.lower() not in SUFFIXES:
        raise InvalidArgument(f"a report is written as {', '.join(SUFFIXES)}; got {path}.")


def write_report(report: AnyReport, path: Path) -> None:
    """Write the report, whole or not at all."""
    from calibrant.atomic import write_text

    write_text(path, _text(report, path.suffix.lower()))


def _text(report: AnyReport, suffix: str) -> str:
    if suffix == ".html":
        from calibrant.report.page import render

        return render(report)
    if suffix == ".md":
        from calibrant.report.markdown import as_markdown

        return as_markdown(report)
    from calibrant.report.model import to_json

    return to_json(report)
