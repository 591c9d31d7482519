"""A report as one HTML file that needs no network: text and tables from here, figures drawn in the browser.

It reads the model alone and computes nothing.
"""

from __future__ import annotations

from importlib.util import find_spec

from calibrant.errors import MissingExtra

if find_spec("jinja2") is None:
    raise MissingExtra("Writing a report as a page", "report", "jinja2")
if find_spec("plotly") is None:
    raise MissingExtra("Writing a report as a page", "report", "plotly")

from calibrant.report.page.render import render

__all__ = ["render"]
