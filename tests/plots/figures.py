"""What a reader sees in a figure: its words, and whether they stand clear of each other."""

from __future__ import annotations

from itertools import combinations

from matplotlib.axis import Axis
from matplotlib.figure import Figure
from matplotlib.text import Text
from matplotlib.transforms import Bbox


def visible_text(figure: Figure) -> str:
    return "\n".join(text.get_text() for text in _texts(figure))


def assert_text_stands_clear(figure: Figure) -> None:
    boxes = [(text.get_text(), text.get_window_extent()) for text in _texts(figure)]
    assert len(boxes) > 5
    for (first, one), (second, other) in combinations(boxes, 2):
        assert not _overlap(one, other), f"{first!r} and {second!r} overlap"
    for words, box in boxes:
        assert figure.bbox.x0 <= box.x0 < box.x1 <= figure.bbox.x1, f"{words!r} leaves the figure"
        assert figure.bbox.y0 <= box.y0 < box.y1 <= figure.bbox.y1, f"{words!r} leaves the figure"


def _texts(figure: Figure) -> list[Text]:
    figure.draw_without_rendering()
    beyond_the_axis = {label for axis in figure.findobj(Axis) for label in _ticks_out_of_view(axis)}
    return [
        text
        for text in figure.findobj(Text)
        if text.get_visible() and text.get_text().strip() and text not in beyond_the_axis and _is_shown(text)
    ]


def _ticks_out_of_view(axis: Axis) -> set[Text]:
    low, high = sorted(axis.get_view_interval())
    ticks = [*axis.get_major_ticks(), *axis.get_minor_ticks()]
    margin = 1e-9 * (high - low)
    return {tick.label1 for tick in ticks if not low - margin <= tick.get_loc() <= high + margin}


def _is_shown(text: Text) -> bool:
    return text.get_window_extent().width > 0


def _overlap(one: Bbox, other: Bbox) -> bool:
    return one.x0 < other.x1 and other.x0 < one.x1 and one.y0 < other.y1 and other.y0 < one.y1
