"""How the temperature is found: the log-loss as a function of β = 1/T, and the search for its minimum.

What is done with the temperature is the business of `temperature`.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from functools import partial
from typing import Literal

import numpy as np

from calibrant._typing import Floats
from calibrant.calibrators.row_arrays import row_arrays
from calibrant.engine import Engine
from calibrant.errors import CalibrantError, FitFailed, InvalidPredictions
from calibrant.kernels.temperature import LOSS_WIDTH, SHAPE_WIDTH, shape_sums, temperature_sums
from calibrant.predictions import Predictions, SoftLabelPredictions, Table
from calibrant.solvers import Derivatives, minimise_scalar

Bound = Literal["lower", "upper", "constant"]

_RANGE = 1e4
_SUBSAMPLE = 1024
_SMALLEST_SCALE, _LARGEST_SCALE = 1e-60, 1e60


@dataclass(frozen=True, slots=True)
class TemperatureFit:
    """The temperature and how it was found.

    Attributes
    ----------
    temperature : float
        T > 0.
    stderr : float or None
        Sandwich standard error of T; None at a bound.
    iterations : int
        Passes over all rows after the first look at their scale.
    bound : {"lower", "upper", "constant"} or None
        Why T is not an optimum: every row is right (T → 0), the scores are no better than chance
        (T → ∞), or all logits of every row are equal, so that T means nothing and is 1.
    nll : float
        Log-loss on the fitting rows at T, nats a row.
    """

    temperature: float
    stderr: float | None
    iterations: int
    bound: Bound | None
    nll: float


class _Sums:
    """The log-loss over rows as a function of β = 1/T."""

    def __init__(self, table: Table) -> None:
        self.table = table
        self.passes = 0
        self._latest: tuple[float, Floats] | None = None

    def at(self, inverse_temperature: float) -> Derivatives:
        sums = self.table.total(partial(loss_sums, inverse_temperature=inverse_temperature))
        self.passes += 1
        self._latest = (inverse_temperature, sums)
        weight, loss, slope, curvature, third = sums[:5].tolist()
        return Derivatives(loss / weight, slope / weight, curvature / weight, third / weight)

    def squared_slopes(self, inverse_temperature: float) -> float:
        """Return Σ w slope² near the point evaluated last, corrected to first order."""
        assert self._latest is not None
        at, sums = self._latest
        # Where every row has slope 0 at the optimum (one row), what is left is rounding, of either sign.
        return max(float(sums[5] + 2 * sums[6] * (inverse_temperature - at)), 0.0)


def loss_sums(rows: Predictions, engine: Engine, *, inverse_temperature: float) -> Floats:
    """Return the sums of `temperature_sums` over rows with logits."""
    arrays = row_arrays(rows)
    return engine.sum_rows(
        lambda start, stop, out: temperature_sums(start, stop, *arrays, inverse_temperature, out),
        rows.n,
        rows.k,
        LOSS_WIDTH,
    )


def logit_shape(rows: Predictions, engine: Engine) -> Floats:
    """Return the sums of `shape_sums` over rows with logits."""
    arrays = row_arrays(rows)
    return engine.sum_rows(
        lambda start, stop, out: shape_sums(start, stop, *arrays, out), rows.n, rows.k, SHAPE_WIDTH
    )


def fit_temperature(table: Table) -> TemperatureFit:
    """Return the T that minimises the log-loss of softmax(z / T) on these rows, with its standard error.

    Raises
    ------
    InvalidPredictions
        A true class has the logit -inf, so that no T makes it possible.
    FitFailed
        The logits are too large or too small for float64.
    """
    table = table.with_logits()
    return fit_shaped(table, table.total(logit_shape))


def fit_shaped(table: Table, shape: Floats) -> TemperatureFit:
    """Return what `fit_temperature` does, from rows with logits whose `logit_shape` is known."""
    sums = _Sums(table)
    weight, to_right, to_chance, squares, finite, impossible = shape.tolist()
    if impossible > 0:
        raise _impossible(table)
    scale = math.sqrt(squares / finite)
    if scale == 0:
        return TemperatureFit(1.0, None, 1, "constant", sums.at(1.0).value)
    if not _SMALLEST_SCALE <= scale <= _LARGEST_SCALE:
        raise FitFailed(
            f"the logits cannot be fitted: their root mean square is {scale:.3g}. Rescale them first."
        )
    lowest, highest = 1 / (_RANGE * scale), _RANGE / scale
    if to_right == 0:
        return TemperatureFit(1 / highest, None, 1, "lower", sums.at(highest).value)
    if to_chance >= 0:
        return TemperatureFit(1 / lowest, None, 1, "upper", sums.at(lowest).value)
    found = minimise_scalar(sums.at, start=_warm_start(sums, lowest, highest), lower=lowest, upper=highest)
    flat = found.curvature <= 0  # where one row's logits dwarf all others, long before the ends
    if found.bound is not None or flat:
        lower = found.bound == "lower" if found.bound is not None else found.x * scale < 1
        # The lower end of β = 1/T is the upper end of T.
        bound: Bound = "upper" if lower else "lower"
        return TemperatureFit(1 / found.x, None, sums.passes, bound, found.value)
    stderr = math.sqrt(sums.squared_slopes(found.x)) / (weight * found.curvature) / found.x / found.x
    return TemperatureFit(1 / found.x, stderr, sums.passes, None, found.value)


def _warm_start(sums: _Sums, lowest: float, highest: float) -> float:
    start = math.sqrt(lowest) * math.sqrt(highest)
    rows = _spaced_rows(sums.table)
    if rows is None:
        return start
    found = minimise_scalar(
        _Sums(Table.whole(rows, sums.table.engine)).at, start=start, lower=lowest, upper=highest
    )
    return start if found.bound is not None else found.x


def _spaced_rows(table: Table) -> Predictions | None:
    """Return evenly spaced rows of the first part, where that is much cheaper and still well posed."""
    rows = next(table.engine.over_parts(_spaced, table.parts[:1]))
    return None if rows is None or (rows.sample_weight is not None and not rows.sample_weight.any()) else rows


def _spaced(rows: Predictions, engine: Engine) -> Predictions | None:
    return rows.take(np.arange(0, rows.n, rows.n // _SUBSAMPLE)) if rows.n >= 16 * _SUBSAMPLE else None


def loss_at(temperature: float, table: Table) -> float:
    """Return the log-loss at a given T, nats a row; raises as `fit_temperature`."""
    table = table.with_logits()
    loss = _Sums(table).at(1 / temperature).value
    if not math.isfinite(loss):
        raise _impossible(table)
    return loss


def soft_label_stderr(rows: SoftLabelPredictions, temperature: float) -> float:
    """Return the sandwich standard error of T where each row has one slope, the mean over its annotators.

    With p = softmax(z / T) and shares q: sqrt(Σ w [Σ_j (p_j - q_j) z_j]²) / Σ w Var_p(z) · T².
    """
    logits = rows.logits().astype(np.float64)
    with np.errstate(over="ignore"):  # a difference beyond float64 is -inf, probability 0
        probs = np.exp((logits - logits.max(axis=1, keepdims=True)) / temperature)
    probs /= probs.sum(axis=1, keepdims=True)
    below = np.where(logits > -np.inf, logits - logits.max(axis=1, keepdims=True), 0.0)
    slope = ((probs - rows.shares) * below).sum(axis=1)
    curvature = (probs * below**2).sum(axis=1) - (probs * below).sum(axis=1) ** 2
    weight = np.ones(rows.n) if rows.sample_weight is None else rows.sample_weight
    return math.sqrt(float(weight @ slope**2)) / float(weight @ curvature) * temperature**2


def _impossible(table: Table) -> CalibrantError:
    hopeless = table.first(_hopeless)
    if hopeless is None:
        return FitFailed("the logits are too large to be fitted: their differences overflow. Rescale them.")
    row, label = hopeless
    return InvalidPredictions(
        f"the logit of the true class {label} is -inf at row {row}: no temperature makes it possible. "
        "Drop the row, or mask only classes that never occur."
    )


def _hopeless(rows: Predictions, engine: Engine) -> tuple[int, int] | None:
    """Return the first row whose true class is masked, with its label."""
    at_label = rows.scores[np.arange(rows.n), rows.labels]
    counted = True if rows.sample_weight is None else rows.sample_weight > 0
    hopeless = np.flatnonzero((at_label == -np.inf) & counted)
    return (int(hopeless[0]), int(rows.labels[hopeless[0]])) if len(hopeless) else None
