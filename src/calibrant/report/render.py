"""`render`: a run report as one HTML file, with style and figures inline.

The same report gives the same text; nothing is read but the template, and nothing is written.
"""

from __future__ import annotations

from jinja2 import Environment, PackageLoader, StrictUndefined
from markupsafe import Markup

from calibrant.plots.numbers import with_error
from calibrant.report.comparison import comparison
from calibrant.report.inline import inline_svg
from calibrant.report.page_of_run import RunReport
from calibrant.report.verdict import Repair, verdict


def render(report: RunReport) -> str:
    """Return the page of a run. It refers to nothing outside itself, and names in it stay text."""
    environment = Environment(
        loader=PackageLoader("calibrant.report"),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        keep_trailing_newline=True,
    )
    drawings = [
        Markup(inline_svg(figure.svg, prefix=f"figure-{number}-", label=figure.alt))
        for number, figure in enumerate(report.figures, start=1)
    ]
    return environment.get_template("run.html.j2").render(
        report=report,
        verdict=verdict(report.before, _repair(report)),
        rows=comparison(report.before, report.after),
        temperature=with_error(report.fit.temperature, report.fit.stderr),
        figures=list(zip(report.figures, drawings, strict=True)),
    )


def _repair(report: RunReport) -> Repair:
    fit = report.fit
    return Repair(f"Temperature {fit.temperature:.2f}", report.after, bound=fit.bound)
