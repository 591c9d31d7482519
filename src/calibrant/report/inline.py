"""An SVG document made fit to stand inside an HTML page, beside others.

Only drawing passes: no prolog, metadata, style sheet, script or reference to anything outside.
"""

from __future__ import annotations

import re
from xml.etree import ElementTree

from calibrant.errors import InvalidArgument

_CONTAINERS = frozenset(["svg", "g", "defs", "clipPath", "pattern"])
_SHAPES = frozenset(["path", "rect", "circle", "line", "polyline", "polygon", "use", "text", "tspan"])
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
        The text is not SVG.
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


def _copy(element: ElementTree.Element, prefix: str) -> ElementTree.Element:
    copied = ElementTree.Element(_local(element.tag), _attributes(element, prefix))
    copied.text, copied.tail = element.text, element.tail
    copied.extend(_copy(child, prefix) for child in element if _local(child.tag) in _CONTAINERS | _SHAPES)
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
        elif not attribute.startswith("on"):
            kept[attribute] = _REFERENCE.sub(rf"url(#{prefix}\1)", value)
    return kept


def _local(name: str) -> str:
    return name.rpartition("}")[2]
