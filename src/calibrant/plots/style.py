"""How figures look: colours that colour-blind readers can tell apart, sizes that survive halving.

Nothing here knows what a figure shows, and no global setting is changed for longer than a drawing takes.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from typing import Any, Literal

from matplotlib import style
from matplotlib.artist import Artist
from matplotlib.axes import Axes
from matplotlib.backends.backend_agg import FigureCanvasAgg
from matplotlib.figure import Figure

BLUE = "#0072B2"
VERMILLION = "#D55E00"
GREY = "#6E6E6E"
PALE = "#B5B5B5"
INK = "#222222"
"""Okabe & Ito's blue and vermillion, and three greys."""

WIDTH = 5.0
"""Inches; a column and a half of a paper, and legible in one."""

POINTS = 11.0
"""Size of the text at that width."""

_SMALLER = 10 / 11
"""Size of the words at ticks and in legends, as a share of the other text."""

_SETTINGS: dict[str, Any] = {
    "font.family": ["DejaVu Sans"],
    "text.color": INK,
    "axes.labelcolor": INK,
    "axes.edgecolor": GREY,
    "xtick.color": GREY,
    "ytick.color": GREY,
    "xtick.labelcolor": INK,
    "ytick.labelcolor": INK,
    "axes.spines.top": False,
    "axes.spines.right": False,
    "axes.axisbelow": True,
    "hatch.linewidth": 1.0,
    "svg.hashsalt": "calibrant",
}


@contextmanager
def house_style(points: float = POINTS) -> Iterator[None]:
    """Draw under calibrant's settings, whatever the user's are, and put the user's back; also a decorator.

    Parameters
    ----------
    points : float
        Size of the text.
    """
    smaller = points * _SMALLER
    sizes = {
        "font.size": points,
        "axes.labelsize": points,
        "axes.titlesize": points,
        "xtick.labelsize": smaller,
        "ytick.labelsize": smaller,
        "legend.fontsize": smaller,
        "legend.title_fontsize": smaller,
    }
    with style.context(["default", _SETTINGS, sizes]):
        yield


def new_figure(height: float, *, width: float = WIDTH) -> Figure:
    """Return an empty figure of the given height and the common width, or another, in inches."""
    figure = Figure(figsize=(width, height), layout="constrained")
    FigureCanvasAgg(figure)
    return figure


def legend_above(
    ax: Axes,
    handles: Sequence[Artist | tuple[Artist, ...]],
    *,
    columns: int,
    side: Literal["left", "right"] = "left",
) -> None:
    """Put the legend of these artists above the axes, where it covers no data, flush with one side."""
    ax.legend(
        handles=handles,
        loc="lower left" if side == "left" else "lower right",
        bbox_to_anchor=(0.0 if side == "left" else 1.0, 1.0),
        ncols=columns,
        frameon=False,
        borderaxespad=0.2,
        borderpad=0.2,
        handlelength=1.8,
        columnspacing=1.4,
    )
