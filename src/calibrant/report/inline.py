"""An SVG document made fit to stand inside an HTML page, beside others.

Only drawing passes: no prolog, metadata, style sheet, script or reference to anything outside.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from xml.etree import ElementTree

from calibrant.errors import InvalidArgument

_CONTAINERS = frozenset(["svg", "g", "defs", "clipPath", "pattern"])
_SHAPES = frozenset(["path", "rect", "circle", "line", "polyline", "polygon", "use", "text", "tspan"])
_PLACES = frozenset(
    [
        "cx",
        "cy",
        "d",
        "height",
        "patternUnits",
        "points",
        "r",
        "transform",
        "viewBox",
        "width",
        "x",
        "x1",
        "x2",
        "y",
        "y1",
        "y2",
    ]
)
_LOOKS = frozenset(
    [
        "clip-path",
        "clip-rule",
        "color",
        "fill",
        "fill-opacity",
        "fill-rule",
        "font",
        "font-family",
        "font-size",
        "font-style",
        "font-weight",
        "letter-spacing",
        "opacity",
        "stroke",
        "stroke-dasharray",
        "stroke-dashoffset",
        "stroke-linecap",
        "stroke-linejoin",
        "stroke-miterlimit",
        "stroke-opacity",
        "stroke-width",
        "text-anchor",
    ]
)
"""Properties, as attributes and in `style`; others could lay the drawing over the page, or load something."""
_KEPT = _PLACES | _LOOKS
_OUTSIDE = re.compile(r"url|image|\\|/\*", re.IGNORECASE)
_DEEPEST = 64
_REFERENCE = re.compile(r"url\(#([^)]*)\)")
# What matplotlib says in a style sheet, which in a page would apply to every other drawing too.
_INHERITED = "stroke-linejoin: round; stroke-linecap: butt"


def inline_svg(svg: str, *, prefix: str, label: str) -> str:
    """Return the `<svg>` element alone, as wide as its place, with ids of its own and a spoken label.

    Parameters
    ----------
    svg : str
        An SVG document with a `viewBox`.
    prefix : str
        Put before every id, so that two drawings of a page do not share one.
    label : str
        What a screen reader says.

    Raises
    ------
    InvalidArgument
        The text is not SVG, or nested deeper than 64 levels.
    """
    try:
        root = ElementTree.fromstring(svg)
    except ElementTree.ParseError as error:
        raise InvalidArgument(f"a figure of the report is not SVG: {error}.") from error
    if _local(root.tag) != "svg" or "viewBox" not in root.attrib:
        raise InvalidArgument("a figure of the report must be an <svg> element with a viewBox.")
    box = root.attrib["viewBox"]
    drawing = _copy(root, prefix)
    drawing.attrib = {"viewBox": box, "role": "img", "aria-label": label, "style": _INHERITED}
    return ElementTree.tostring(drawing, encoding="unicode")


def _copy(element: ElementTree.Element, prefix: str, depth: int = 0) -> ElementTree.Element:
    copied = ElementTree.Element(_local(element.tag), _attributes(element, prefix))
    copied.text, copied.tail = element.text, element.tail
    if depth > _DEEPEST:
        raise InvalidArgument(f"a figure of the report is nested deeper than {_DEEPEST} levels.")
    for child in element:
        if _local(child.tag) in _CONTAINERS | _SHAPES:
            copied.append(_copy(child, prefix, depth + 1))
    return copied


def _attributes(element: ElementTree.Element, prefix: str) -> dict[str, str]:
    kept = {}
    for name, value in element.attrib.items():
        attribute = _local(name)
        if attribute == "id":
            kept["id"] = prefix + value
        elif attribute == "href":
            if value.startswith("#"):
                kept["href"] = f"#{prefix}{value[1:]}"
        elif attribute == "style":
            kept["style"] = "; ".join(_declarations(value, prefix))
        elif attribute in _KEPT and _is_inside(value):
            kept[attribute] = _renamed(value, prefix)
    return kept


def _declarations(style: str, prefix: str) -> Iterator[str]:
    for declaration in style.split(";"):
        name, _, value = (part.strip() for part in declaration.partition(":"))
        if name in _LOOKS and _is_inside(value):
            yield f"{name}: {_renamed(value, prefix)}"


def _renamed(value: str, prefix: str) -> str:
    return _REFERENCE.sub(rf"url(#{prefix}\1)", value)


def _is_inside(value: str) -> bool:
    """Whether a value names nothing but parts of the drawing."""
    return _OUTSIDE.search(_REFERENCE.sub("", value)) is None


def _local(name: str) -> str:
    return name.rpartition("}")[2]
