"""SmoothECE: the gap of a reliability curve smoothed by a Gaussian whose width equals the error it finds.

The curve itself is `smooth_reliability`.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import final

import numpy as np
from scipy.optimize import brentq

from calibrant._typing import Floats
from calibrant.engine import Engine
from calibrant.metrics.binary_view import Tally
from calibrant.metrics.convention import Convention, Notion
from calibrant.metrics.gaps import check_notion
from calibrant.metrics.metric import Measurement, WholeMetric
from calibrant.metrics.reflected_gaussian import absolute_integral, cosine_coefficients, smoothed
from calibrant.metrics.rows import Measurable, Rows
from calibrant.metrics.views import views

KERNEL = "Gaussian reflected at 0 and 1, bandwidth equal to the error"

_CELLS_PER_BANDWIDTH = 500
_FEWEST_CELLS = 2**12
_MOST_CELLS = 2**18
_NEARBY = 1e-3


@dataclass(frozen=True, slots=True)
class SmoothError:
    """A smoothed error, and the grid on which it was found.

    Attributes
    ----------
    value : float
        The error, which is also the bandwidth.
    cells : int
        Cells of the grid on [0, 1].
    """

    value: float
    cells: int


@final
class SmoothCalibrationError(WholeMetric):
    """The σ at which ∫|r_σ(t)|dt = σ, with r_σ(t) = Σ_i (correct_i - confidence_i) K_σ(t, confidence_i)/n.

    Parameters
    ----------
    name : str
        Name in results.
    notion : {"top-label", "class-wise", "one-class"}
        Class-wise is the mean over classes of the one-against-rest error.
    class_index : int, optional
        For "one-class".

    Notes
    -----
    Błasiok & Nakkiran, Smooth ECE, ICLR 2024 (arXiv 2309.12236): K_σ is the Gaussian reflected at 0 and 1,
    and the integral falls as σ grows, so that σ is unique. All mass at 0 and 1 is kept.

    On a grid of spacing h, splitting each mass between two nodes and taking r_σ as linear between them
    changes the integral by at most h²/8 ∫|K_σ''| ≤ 0.121 (h/σ)² times the mean |correct - confidence|
    each, and σ by no more than that. h is at most σ/500, which bounds the error by 1e-6, down to
    σ = 0.002; below, h is 2⁻¹⁸, and the search ends at σ = h.
    """

    best = 0.0

    def __init__(
        self,
        name: str = "smooth_ece",
        *,
        notion: Notion = "top-label",
        class_index: int | None = None,
    ) -> None:
        check_notion(notion, class_index)
        self.name = name
        self.notion: Notion = notion
        self.class_index = class_index

    def _measure(self, rows: Rows) -> Measurement:
        errors = [
            smooth_error(view.tally()).value
            for view in views(rows, self.notion, self.class_index, name=self.name)
        ]
        mean = ", mean over classes" if self.notion == "class-wise" else ""
        convention = Convention(
            definition=f"integral over [0, 1] of the smoothed |correct - confidence|{mean}",
            n=rows.n,
            notion=self.notion,
            class_index=self.class_index,
            kernel=KERNEL,
        )
        return Measurement(self.name, float(np.mean(errors)), convention)


def smooth_ece(
    predictions: Measurable,
    *,
    notion: Notion = "top-label",
    class_index: int | None = None,
    engine: Engine | None = None,
) -> Measurement:
    """Return SmoothECE, a fraction. Parameters and bounds as in `SmoothCalibrationError`.

    Examples
    --------
    >>> from calibrant.predictions import Predictions
    >>> rows = Predictions.from_probs([0.7] * 10, [1] * 4 + [0] * 6)
    >>> round(smooth_ece(rows).value, 6)
    0.3
    """
    return SmoothCalibrationError(notion=notion, class_index=class_index)(predictions, engine=engine)


def smooth_error(tally: Tally) -> SmoothError:
    """Return the smoothed error of one view, on a grid that is fine enough for it."""
    mass = (tally.events - tally.weight * tally.values) / tally.weight.sum()
    cells, value = _FEWEST_CELLS, 0.0
    if not mass.any():
        return SmoothError(value, cells)
    while True:
        value = _fixed_point(cosine_coefficients(tally.values, mass, cells), 1 / cells, value)
        needed = 2 ** int(np.ceil(np.log2(_CELLS_PER_BANDWIDTH / max(value, 1 / _MOST_CELLS))))
        if cells >= min(needed, _MOST_CELLS):
            return SmoothError(value, cells)
        cells = min(needed, _MOST_CELLS)


def _fixed_point(coefficients: Floats, narrowest: float, near: float) -> float:
    """Return the bandwidth that equals its error, or the error at the narrowest if that is smaller.

    It is looked for near a value from a coarser grid first.
    """

    def excess(bandwidth: float) -> float:
        return absolute_integral(smoothed(coefficients, bandwidth)) - bandwidth

    low, high = near * (1 - _NEARBY), near * (1 + _NEARBY)
    if near < 2 * narrowest or not excess(low) > 0 > excess(high):
        low, high = narrowest, 2.0
        at_narrowest = excess(narrowest)
        if at_narrowest <= 0:
            return narrowest + at_narrowest
    return float(brentq(excess, low, high, xtol=1e-15, rtol=1e-14))
