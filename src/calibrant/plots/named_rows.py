"""What figures of named things under each other share: their names along the axis, and how tall they are."""

from __future__ import annotations

from collections.abc import Sequence

from matplotlib.axes import Axes

from calibrant.plots.style import PALE

_AROUND = 1.2
_ROW = 0.27


def height_of(rows: int) -> float:
    """Return the inches that so many rows need at the common width."""
    return _AROUND + _ROW * max(rows, 3)


def draw_names(names: Sequence[str], ax: Axes) -> None:
    """Write names, which are words of a figure, along the vertical axis, the first at the top."""
    ax.grid(axis="y", color=PALE, linewidth=0.5, linestyle=":")
    ax.set_yticks(range(len(names)), names)
    ax.set_ylim(len(names) - 0.4, -0.6)
