"""What every plot of accuracy against confidence shares: its words, the unit square and the diagonal."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache

from matplotlib.axes import Axes
from matplotlib.font_manager import FontProperties, findfont, get_font
from matplotlib.lines import Line2D

from calibrant.metrics import Convention
from calibrant.plots.style import GREY, house_style
from calibrant.printable import printable, shown

_LONGEST_NAME = 24


@dataclass(frozen=True, slots=True)
class Words:
    """How the two quantities are called: along the axes, and in a legend."""

    confidence_axis: str
    accuracy_axis: str
    mean_confidence: str
    accuracy: str


def words(convention: Convention, class_name: str | None) -> Words:
    """Return the words for the top label, or for one class, by its name or else its number."""
    index = convention.class_index
    if index is None:
        return Words("Confidence", "Accuracy", "mean confidence", "accuracy")
    name = f"class {index}" if class_name is None else one_line(class_name)
    return Words(f"Probability of {name}", f"Frequency of {name}", "mean probability", "frequency")


def draw_frame(names: Words, ax: Axes) -> Line2D:
    """Draw the unit square and its diagonal, where both quantities are equal; return the diagonal."""
    (diagonal,) = ax.plot([0, 1], [0, 1], "--", color=GREY, linewidth=1.2, label="perfect calibration")
    ax.set(xlim=(0, 1), ylim=(0, 1), xlabel=names.confidence_axis, ylabel=names.accuracy_axis)
    return diagonal


def draw_box(text: str, ax: Axes, *, corner: str = "lower right") -> None:
    """Write a few words into a corner of the axes, on white."""
    down, _, side = corner.partition(" ")
    ax.text(
        0.97 if side == "right" else 0.03,
        0.05 if down == "lower" else 0.95,
        text,
        transform=ax.transAxes,
        horizontalalignment=side,
        verticalalignment="bottom" if down == "lower" else "top",
        bbox={"boxstyle": "round,pad=0.4", "facecolor": "white", "edgecolor": "none", "alpha": 0.9},
        zorder=4,
    )


def one_line(name: str) -> str:
    """Return a name as the words of a figure: printable, in letters of the font, short, and no formula."""
    letters = _letters()
    known = "".join(letter if ord(letter) in letters else ascii(letter)[1:-1] for letter in printable(name))
    # A pair of dollar signs would be set as a formula.
    return shown(known, _LONGEST_NAME).replace("$", r"\$")


@cache
def _letters() -> frozenset[int]:
    with house_style():
        return frozenset(get_font(findfont(FontProperties())).get_charmap())
