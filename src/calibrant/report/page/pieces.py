"""What a page is made of beside text: places for figures, and controls that the browser brings to life."""

from __future__ import annotations

from dataclasses import dataclass

from markupsafe import Markup

from calibrant.report.model import Example, Finding, Methods, Metric
from calibrant.report.outline import Block


@dataclass(frozen=True, slots=True)
class Figure:
    """A place where the browser draws.

    Attributes
    ----------
    kind : str
        What is drawn; a name of `DRAWINGS` in `static/page.js`.
    alt : str
        What it shows, for who cannot see it.
    caption : str
        Under it.
    options : tuple of (str, str)
        What the drawing needs to know, such as the panel.
    """

    kind: str
    alt: str
    caption: str
    options: tuple[tuple[str, str], ...] = ()


@dataclass(frozen=True, slots=True)
class Drawing:
    """A figure that came as SVG, made fit to stand in the page."""

    svg: Markup
    caption: str


@dataclass(frozen=True, slots=True)
class Control:
    """Something to turn, named by its template."""

    name: str


@dataclass(frozen=True, slots=True)
class Metrics:
    """The table of metrics, whose conventions can be opened."""

    rows: tuple[Metric, ...]
    method: str | None


@dataclass(frozen=True, slots=True)
class Compared:
    """The table of methods, the one whose "after" is shown among them."""

    methods: Methods


@dataclass(frozen=True, slots=True)
class Found:
    """What the checks of the rows found."""

    findings: tuple[Finding, ...]


@dataclass(frozen=True, slots=True)
class Pictures:
    """Images with what was said of them."""

    examples: tuple[Example, ...]


@dataclass(frozen=True, slots=True)
class Beside:
    """Figures that stand beside each other where there is room."""

    figures: tuple[Figure, ...]


@dataclass(frozen=True, slots=True)
class Folded:
    """Pieces behind a line that opens them, and that paper shows unless they are very long."""

    summary: str
    pieces: tuple[Piece, ...]
    on_paper: bool = True


Piece = Block | Figure | Beside | Drawing | Control | Metrics | Compared | Found | Pictures | Folded


@dataclass(frozen=True, slots=True)
class Chapter:
    """Pieces under a title.

    Attributes
    ----------
    title : str
        Of the chapter.
    name : str
        Its address in the page.
    pieces : tuple of Piece
        In order.
    """

    title: str
    name: str
    pieces: tuple[Piece, ...]
