"""`fit_vector`: the slopes and biases of vector scaling, from sums that are made where the logits are.

Of each pass, 2k + 3 numbers come to the host.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import Any, ClassVar, Literal

import numpy as np

from calibrant._typing import Floats
from calibrant.array_api.checks import check_rows, first_row
from calibrant.array_api.rows import ArrayRows
from calibrant.array_api.temperature import scale_of, temperature_of
from calibrant.array_api.vector_loss import HEAD, VectorLoss
from calibrant.errors import InvalidPredictions
from calibrant.solvers import minimise_lbfgs, minimise_newton_cg

_ROUGH = {True: 1e-12, False: 1e-7}
_FINE = {True: 1e-13, False: 1e-6}
"""The least gain of a step, of L-BFGS and of Newton's: with float64 sums, and with float32."""

_STEEPEST = 1e5


@dataclass(frozen=True, eq=False)
class FittedVector:
    """Slopes and biases and how they were found.

    Attributes
    ----------
    slopes, biases : float64 array, (k,)
        Of softmax(a ∘ z + b), on the host; the biases sum to 0.
    unbounded : {"separable", "absent class"} or None
        Why the log-loss has no finite optimum: every row can be made right, or a class never occurs.
    nll : float
        Log-loss on these rows after the fit, without the ridge, nats a row.
    n, k : int
        Rows and classes.
    """

    method: ClassVar[str] = "vector"

    slopes: Floats
    biases: Floats
    unbounded: Literal["separable", "absent class"] | None
    nll: float
    n: int
    k: int

    def parameters(self) -> dict[str, Any]:
        """Return what a stored calibrator keeps."""
        return {
            "slopes": self.slopes.tolist(),
            "biases": self.biases.tolist(),
            "unbounded": self.unbounded,
        }


def fit_vector(logits: Any, labels: Any, *, sample_weight: Any | None = None) -> FittedVector:
    """Return the a and b that minimise the log-loss of softmax(a ∘ z + b).

    Parameters as in `fit_temperature`.

    Raises
    ------
    InvalidPredictions
        As `evaluate`, and for a logit of -inf.
    FitFailed
        The logits are too large or too small for the floats of the device.

    Notes
    -----
    Guo, Pleiss, Sun & Weinberger, ICML 2017, section 4.2. Loss, ridge and start are those of
    `calibrant.calibrators.VectorScaling`.

    Examples
    --------
    >>> logits = np.array([[2.0, 0.0], [1.0, 0.0], [0.5, 0.0], [1.5, 0.0], [0.0, 1.0]])
    >>> fit_vector(logits, np.array([0, 1, 0, 0, 1])).biases.round(2).tolist()
    [-0.11, 0.11]
    """
    rows = check_rows(logits, labels, kind="logits", sample_weight=sample_weight)
    _refuse_masked(rows)
    temperature, scale = _anchor(rows)
    loss = VectorLoss(rows, temperature=temperature, scale=scale)
    is_wide = rows.library.is_wide
    near = minimise_lbfgs(loss.at, start=np.zeros(2 * rows.k), tolerance=_ROUGH[is_wide])
    found = minimise_newton_cg(loss, start=near.x, tolerance=_FINE[is_wide])
    slopes, biases = loss.natural(found.x)
    weight, total, wrong = loss.sums(slopes, biases)[:HEAD].tolist()
    unbounded: Literal["separable", "absent class"] | None = None
    if wrong == 0:
        unbounded = "separable"
    elif not loss.occurs.all():
        unbounded = "absent class"
    return FittedVector(slopes, biases, unbounded, total / weight, rows.n, rows.k)


def _anchor(rows: ArrayRows) -> tuple[float, float]:
    """Return the temperature that a ridge ties the slopes to, and the unit of the logits.

    Where logits are so nearly equal that slopes which tell them apart would lose a bias to rounding, T is 1
    and the unit is the largest logit: slopes then stay at 1 and only the biases learn.
    """
    xp = rows.library.xp
    fit = temperature_of(rows)
    temperature = 1.0 if fit.bound == "lower" else fit.temperature
    scale = scale_of(rows) or 1.0
    largest = max(float(xp.max(rows.scores)), -float(xp.min(rows.scores)))
    if largest <= _STEEPEST * min(temperature, scale):
        return temperature, scale
    return 1.0, max(scale, largest)


def _refuse_masked(rows: ArrayRows) -> None:
    xp = rows.library.xp
    row = first_row(rows, lambda z: xp.any(z == -math.inf, axis=1))
    if row is not None:
        masked = xp.astype(rows.scores[row, :] == -math.inf, rows.library.integers)
        raise InvalidPredictions(
            f"the logit of class {int(xp.argmax(masked))} is -inf at row {row}: this method mixes the "
            "classes, so none can be masked. Drop the class, or use temperature scaling."
        )
