"""A report as one HTML file that needs no network: text and tables from here, figures drawn in the browser.

It reads the model alone and computes nothing.
"""

from __future__ import annotations

from importlib.util import find_spec

from calibrant.errors import MissingExtra

for _package in ("jinja2", "plotly"):
    if find_spec(_package) is None:
        raise MissingExtra("Writing a report as a page", "report", _package)

from calibrant.report.page.render import render

__all__ = ["render"]
