"""Means with error bars over seeds, as several figures draw them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from matplotlib.axes import Axes
from matplotlib.container import ErrorbarContainer


@dataclass(frozen=True, slots=True)
class Estimate:
    """A quantity over seeds.

    Attributes
    ----------
    mean, spread : float
        Mean and standard deviation over seeds; the spread of a single seed is 0 and is not drawn.
    """

    mean: float
    spread: float


def draw_estimates(
    positions: Sequence[float],
    estimates: Sequence[Estimate],
    ax: Axes,
    *,
    color: str,
    marker: str,
    label: str | None = None,
    linestyle: str = "-",
) -> ErrorbarContainer:
    """Draw estimates at positions along the horizontal axis, joined by a line."""
    bars = _bars(estimates)
    return ax.errorbar(
        positions,
        [each.mean for each in estimates],
        yerr=bars,
        color=color,
        marker=marker,
        linestyle=linestyle,
        label=label,
        **_LOOK,
    )


def draw_flat_estimates(
    estimates: Sequence[Estimate],
    positions: Sequence[float],
    ax: Axes,
    *,
    color: str,
    marker: str,
    label: str | None = None,
) -> ErrorbarContainer:
    """Draw estimates at positions along the vertical axis, each for itself."""
    return ax.errorbar(
        [each.mean for each in estimates],
        positions,
        xerr=_bars(estimates),
        color=color,
        marker=marker,
        linestyle="none",
        label=label,
        **_LOOK,
    )


def from_zero(limits: tuple[float, float]) -> tuple[float, float]:
    """Return the limits of an axis that begins at 0 and shows the whole of its farthest mark."""
    return 0.0, 1.05 * limits[1]


_LOOK: dict[str, Any] = {
    "linewidth": 1.6,
    "elinewidth": 1.4,
    "capsize": 3,
    "markersize": 5,
    "markeredgewidth": 1.4,
    "zorder": 3,
}


def _bars(estimates: Sequence[Estimate]) -> list[float] | None:
    spreads = [each.spread for each in estimates]
    return spreads if any(spreads) else None
