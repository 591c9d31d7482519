"""A stand-in for the page of a report, for tests of what is in a report and not of how it looks."""

from __future__ import annotations

import sys
from types import ModuleType

import pytest

from calibrant.report.markdown import as_markdown
from calibrant.report.model import AnyReport

BEGINS = "<!doctype html>"


def use_plain_page(patch: pytest.MonkeyPatch) -> None:
    """Put the stand-in where the page is imported from."""
    page = ModuleType("calibrant.report.page")
    page.render = _render  # type: ignore[attr-defined]
    patch.setitem(sys.modules, "calibrant.report.page", page)


def _render(report: AnyReport) -> str:
    return f"{BEGINS}\n{as_markdown(report)}"
