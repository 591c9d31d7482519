"""The page of a run: one HTML file that needs no network, with the verdict first and the evidence after it.

Nothing is computed or drawn here; results and figures come in, text goes out.
"""

from __future__ import annotations

from importlib.util import find_spec

from calibrant.errors import MissingExtra

if find_spec("jinja2") is None:
    raise MissingExtra("Writing a report", "report", "jinja2")

from calibrant.report.model import Verdict
from calibrant.report.page_of_run import DataFacts, LayerRow, ReportFigure, ReportTable, RunReport
from calibrant.report.render import render
from calibrant.report.verdict import verdict

__all__ = [
    "DataFacts",
    "LayerRow",
    "ReportFigure",
    "ReportTable",
    "RunReport",
    "Verdict",
    "render",
    "verdict",
]
