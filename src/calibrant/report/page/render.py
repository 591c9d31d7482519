"""`render`: a report as the text of one HTML file; the same report gives the same text."""

from __future__ import annotations

from importlib.resources import files
from typing import Any

from jinja2 import Environment, PackageLoader, StrictUndefined
from markupsafe import Markup, escape
from plotly.offline import get_plotlyjs

from calibrant.report.inline import inline_svg
from calibrant.report.model import AnyReport, ComparisonReport, PredictionsReport, StudyReport, to_json
from calibrant.report.outline import Grid, Section, outline
from calibrant.report.outline.numbers import between, number
from calibrant.report.page.chapters import chapters
from calibrant.report.page.pieces import Chapter, Drawing, Figure, Folded, Piece
from calibrant.report.printable import printable

_STYLES = ("base", "blocks", "controls", "print")
_SCRIPTS = ("data", "paint", "reliability", "curves", "tables", "temperature", "decisions", "page")
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
        finalize=_finalised,
    )
    environment.filters["piece"] = lambda piece: type(piece).__name__.lower()
    environment.filters["lines"] = _lines
    environment.filters["coded"] = _coded
    environment.globals.update(number=number, between=between)
    return environment.get_template(f"{_TEMPLATES[report.kind]}.html.j2").render(
        report=report,
        style=Markup("\n").join(Markup(_static(f"{name}.css")) for name in _STYLES),
        script=Markup("\n").join(Markup(_static(f"{name}.js")) for name in _SCRIPTS),
        plotly=Markup(get_plotlyjs()),
        data=Markup(to_json(report)),
        **_content(report),
    )


def _content(report: AnyReport) -> dict[str, Any]:
    if isinstance(report, ComparisonReport):
        first = outline(report)[0]
        return {
            "table": next(block for block in first.blocks if isinstance(block, Grid)),
            "members": [(member, tuple(chapters(member))) for member in report.members],
            "pieces": tuple(_side_by_side(report)),
        }
    if isinstance(report, StudyReport):
        return {"chapters": tuple(_study(report))}
    return {"chapters": tuple(chapters(report))}


def _side_by_side(report: ComparisonReport) -> list[Piece]:
    figures: list[Piece] = []
    for at, member in enumerate(report.members):
        figures.extend(
            Figure(
                piece.kind,
                f"{member.title}. {piece.alt}",
                f"{member.title}: {piece.caption}",
                (*piece.options, ("member", str(at))),
            )
            for piece in _top_label(member)
        )
    return figures


def _top_label(member: PredictionsReport) -> list[Figure]:
    reliability = next(iter(chapters(member)))
    return [
        piece
        for piece in reliability.pieces
        if isinstance(piece, Figure) and dict(piece.options)["panel"] == "0"
    ]


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


def _finalised(value: Any) -> Any:
    """Write characters that are not seen as their escapes; what is markup already stays."""
    return printable(value) if type(value) is str else value


def _coded(text: str) -> Markup:
    """Return text whose words between backticks are set as code."""
    pieces = [escape(printable(piece)) for piece in text.split("`")]
    if len(pieces) % 2 == 0:
        return escape(printable(text))
    return Markup("").join(
        Markup("<code>{}</code>").format(piece) if at % 2 else piece for at, piece in enumerate(pieces)
    )


def _lines(text: str) -> Markup:
    """Return text that keeps its lines."""
    return Markup("\n").join(printable(line) for line in text.splitlines())


def _static(name: str) -> str:
    return files("calibrant.report.page").joinpath("static", name).read_text(encoding="utf-8")
