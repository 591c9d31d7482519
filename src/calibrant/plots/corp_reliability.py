"""The CORP reliability diagram: the event's frequency at each probability, by isotonic regression."""

from __future__ import annotations

from typing import Any

import numpy as np
from matplotlib.axes import Axes

from calibrant.metrics import CorpReliability
from calibrant.metrics.corp import CorpDecomposition
from calibrant.plots.frame import draw_box, draw_frame, words
from calibrant.plots.page import one_panel
from calibrant.plots.style import BLUE, VERMILLION, legend_above


def draw_corp_reliability(
    curve: CorpReliability,
    ax: Axes | None = None,
    *,
    parts: CorpDecomposition | None = None,
    class_name: str | None = None,
) -> Axes:
    """Draw runs of equal frequency as bold lines, joined by thin ones.

    Parameters
    ----------
    curve : CorpReliability
        What to draw.
    ax : Axes, optional
        Where; by default on a new figure.
    parts : CorpDecomposition, optional
        Of the Brier score of the same rows, written beside the curve.
    class_name : str, optional
        Name of the class of a curve of one class.
    """
    if ax is None:
        options: dict[str, Any] = {"parts": parts, "class_name": class_name}
        return one_panel(draw_corp_reliability, curve, height=4.6, **options).axes[0]
    diagonal = draw_frame(words(curve.convention, class_name), ax)
    ends = np.stack([curve.lower, curve.upper], axis=1).ravel()
    (joined,) = ax.plot(ends, np.repeat(curve.frequency, 2), color=BLUE, linewidth=1.0, zorder=2)
    joined.set_label("in between")
    runs = ax.hlines(
        curve.frequency, curve.lower, curve.upper, color=VERMILLION, linewidth=2.6, zorder=3, clip_on=False
    )
    runs.set_label("isotonic regression")
    lines = [f"n = {curve.convention.n:,}"]
    if parts is not None:
        lines = [
            f"miscalibration {parts.miscalibration:.4f}",
            f"discrimination {parts.discrimination:.4f}",
            f"uncertainty {parts.uncertainty:.4f}",
            *lines,
        ]
    draw_box("\n".join(lines), ax, corner="upper left")
    legend_above(ax, [runs, joined, diagonal], columns=2)
    return ax
