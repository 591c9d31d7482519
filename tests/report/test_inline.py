"""SVG documents made part of a page."""

from __future__ import annotations

import pytest

from calibrant.analysis import reliability
from calibrant.errors import InvalidArgument
from calibrant.plots import reliability_figure, to_svg
from calibrant.report.inline import inline_svg
from tests.report.conftest import birds_and_cats
from tests.report.pages import Page

DOCUMENT = """<?xml version="1.0"?>
<!DOCTYPE svg PUBLIC "-//W3C//DTD SVG 1.1//EN" "http://www.w3.org/Graphics/SVG/1.1/DTD/svg11.dtd">
<svg xmlns="http://www.w3.org/2000/svg" xmlns:xlink="http://www.w3.org/1999/xlink"
     width="9pt" height="9pt" viewBox="0 0 9 9" onload="alert(1)">
 <metadata>who and when</metadata>
 <defs><style>*{stroke: red}</style><clipPath id="clip"><path id="dot" d="M 0 0"/></clipPath></defs>
 <script>alert(1)</script>
 <g clip-path="url(#clip)" onclick="alert(1)"><use xlink:href="#dot"/><use xlink:href="http://example.org/#a"/>
 <text>a &lt; b</text></g>
</svg>"""


@pytest.fixture(scope="module")
def inlined() -> str:
    return inline_svg(DOCUMENT, prefix="one-", label='"quoted" <label>')


def test_ids_and_what_refers_to_them_get_the_prefix(inlined: str) -> None:
    for piece in ('id="one-clip"', 'id="one-dot"', 'clip-path="url(#one-clip)"', '<use href="#one-dot"'):
        assert piece in inlined


@pytest.mark.parametrize(
    "foreign", ["<?xml", "DOCTYPE", "xmlns", "metadata", "who and when", "<style", "script", "alert", "http"]
)
def test_only_drawing_passes(inlined: str, foreign: str) -> None:
    assert foreign not in inlined


HOSTILE = """<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 9 9">
 <svg ONLOAD="alert(1)"/><rect width="9" OnMouseOver="alert(1)" onBegin="alert(1)" class="bar" tabindex="0"/>
 <g style="position:fixed; top:0; width:9999px; fill: red; background: url(http://example.org/a)"/>
 <path fill="url(http://example.org/b)" stroke="u\\72l(http://example.org/c)" d="M 0 0"/>
 <path style="fill: URL( 'http://example.org/d' ); stroke: url(#dot)"/>
</svg>"""


def test_nothing_but_drawing_is_said_in_attributes() -> None:
    drawing = inline_svg(HOSTILE, prefix="one-", label="a")
    for foreign in ("alert", "example", "position", "9999", "class", "tabindex", "background"):
        assert foreign not in drawing
    for piece in (
        '<g style="fill: red"',
        '<path d="M 0 0"',
        '<path style="stroke: url(#one-dot)"',
        'width="9"',
    ):
        assert piece in drawing


def test_a_drawing_that_is_nested_without_end_is_refused() -> None:
    deep = f'<svg viewBox="0 0 9 9">{"<g>" * 50_000}{"</g>" * 50_000}</svg>'
    with pytest.raises(InvalidArgument, match="nested deeper than 64 levels"):
        inline_svg(deep, prefix="one-", label="a")


def test_it_fills_its_place_and_speaks(inlined: str) -> None:
    assert inlined.startswith(
        '<svg viewBox="0 0 9 9" role="img" aria-label="&quot;quoted&quot; &lt;label&gt;"'
    )
    assert "9pt" not in inlined


def test_text_stays_text(inlined: str) -> None:
    assert "<text>a &lt; b</text>" in inlined


@pytest.mark.parametrize("name", ["--><script>", "--!><img src=x>", "]]><b>", "a & b", "nul\x00"])
def test_a_figure_with_a_hostile_class_name_is_still_only_a_drawing(name: str) -> None:
    table = reliability(birds_and_cats(0, n=50), class_index=1)
    drawing = inline_svg(to_svg(reliability_figure(table, class_name=name)), prefix="one-", label=name)
    assert Page(drawing).tags() == {"svg", "g", "path", "defs", "use", "clippath", "pattern", "rect"}


@pytest.mark.parametrize("text", ["", "no drawing", "<html/>", '<svg xmlns="http://www.w3.org/2000/svg"/>'])
def test_what_is_no_drawing_is_refused(text: str) -> None:
    with pytest.raises(InvalidArgument, match="figure of the report"):
        inline_svg(text, prefix="one-", label="")
