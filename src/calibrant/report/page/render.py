"""`render`: a report as the text of one HTML file; the same report gives the same text."""

from __future__ import annotations

from base64 import b64encode
from collections.abc import Iterator
from hashlib import sha256
from importlib.resources import files
from typing import Any

from jinja2 import Environment, PackageLoader, StrictUndefined
from markupsafe import Markup
from plotly.offline import get_plotlyjs

from calibrant.printable import shown
from calibrant.report.inline import inline_svg
from calibrant.report.model import AnyReport, ComparisonReport, PredictionsReport, StudyReport, to_json
from calibrant.report.outline import Grid, Section, outline
from calibrant.report.outline.numbers import between, number, share, signed
from calibrant.report.page.chapters import chapters
from calibrant.report.page.pieces import Beside, Chapter, Drawing, Figure, Folded, Piece
from calibrant.report.page.prose import command, finalised, lines, prose

_STYLES = ("base", "blocks", "controls", "print")
_SCRIPTS = (
    "data",
    "paint",
    "reliability",
    "curves",
    "tables",
    "conventions",
    "temperature",
    "decisions",
    "page",
)
_TEMPLATES = {"predictions": "predictions", "comparison": "comparison", "study": "study"}


def render(report: AnyReport) -> str:
    """Return the page of a report. It asks for nothing outside itself, and names in it stay text.

    Parameters
    ----------
    report : PredictionsReport, ComparisonReport or StudyReport
        What is to be read.
    """
    environment = Environment(
        loader=PackageLoader("calibrant.report.page"),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        keep_trailing_newline=True,
        finalize=finalised,
    )
    environment.filters["piece"] = lambda piece: type(piece).__name__.lower()
    environment.filters["lines"] = lines
    environment.filters["shown"] = shown
    environment.filters["prose"] = prose
    environment.filters["command"] = command
    environment.globals.update(number=number, between=between, share=share, signed=signed)
    script = "\n".join(
        ["\n(() => {", "'use strict';", *(_static(f"{name}.js") for name in _SCRIPTS), "})();\n"]
    )
    plotly = get_plotlyjs()
    return environment.get_template(f"{_TEMPLATES[report.kind]}.html.j2").render(
        report=report,
        style=Markup("\n").join(Markup(_static(f"{name}.css")) for name in _STYLES),
        script=Markup(script),
        plotly=Markup(plotly),
        sources=Markup(" ".join(map(_source, (plotly, script)))),
        data=Markup(to_json(report)),
        **_content(report),
    )


def _source(script: str) -> str:
    """Return what lets a browser run this script, and none that came with a report (CSP level 2)."""
    return f"'sha256-{b64encode(sha256(script.encode()).digest()).decode()}'"


def _content(report: AnyReport) -> dict[str, Any]:
    if isinstance(report, ComparisonReport):
        first = outline(report)[0]
        return {
            "table": next(block for block in first.blocks if isinstance(block, Grid)),
            "members": [(member, tuple(chapters(member))) for member in report.members],
            "diagrams": tuple(_side_by_side(report)),
        }
    if isinstance(report, StudyReport):
        return {"chapters": tuple(_study(report))}
    return {"chapters": tuple(chapters(report))}


def _side_by_side(report: ComparisonReport) -> Iterator[Piece]:
    """Yield the diagrams of the top label of each net, which its title tells apart."""
    for member in report.members:
        yield Beside(
            tuple(
                Figure(
                    figure.kind,
                    f"{member.title}. {figure.alt}",
                    f"{member.title}. {figure.caption}",
                    figure.options,
                )
                for figure in _top_label(member)
            )
        )


def _top_label(member: PredictionsReport) -> tuple[Figure, ...]:
    return next(piece for piece in next(chapters(member)).pieces if isinstance(piece, Beside)).figures


def _study(report: StudyReport) -> list[Chapter]:
    sections: tuple[Section, ...] = outline(report)
    table = next(block for block in sections[0].blocks if isinstance(block, Grid))
    drawings = tuple(
        Drawing(Markup(inline_svg(figure.svg, prefix=f"figure-{at}-", label=figure.alt)), figure.caption)
        for at, figure in enumerate(report.figures, start=1)
    )
    found = [Chapter("What was found", "table", (*drawings, table))]
    found += [
        Chapter(section.title, f"part-{at}", _folded(section))
        for at, section in enumerate(sections[1:], start=1)
    ]
    return found


def _folded(section: Section) -> tuple[Piece, ...]:
    return tuple(
        Folded(block.caption, (Grid(block.header, block.rows),))
        if isinstance(block, Grid) and block.caption
        else block
        for block in section.blocks
    )


def _static(name: str) -> str:
    return files("calibrant.report.page").joinpath("static", name).read_text(encoding="utf-8")
