"""`fit_temperature`: the T of temperature scaling, from sums that are made where the logits are.

The search is that of `calibrant.solvers`; the log-loss, its derivatives and what decides whether there is a
minimum are written down here once more, in logits divided by their root mean square.
"""

from __future__ import annotations

import math
from dataclasses import asdict, dataclass
from typing import Any, ClassVar, Literal

from calibrant._typing import Floats
from calibrant.array_api.checks import check_rows
from calibrant.array_api.row_scores import at_label
from calibrant.array_api.rows import ArrayRows, Block
from calibrant.errors import CalibrantError, FitFailed, InvalidPredictions
from calibrant.solvers import Derivatives, minimise_scalar

_RANGE = 1e4
_SUBSAMPLE = 1024
_SCALES = {True: (1e-60, 1e60), False: (1e-15, 1e15)}
_LOWEST = -1e12
"""Differences of logits are cut here, in units of their root mean square, so that 0 · difference³ stays 0."""


@dataclass(frozen=True, slots=True)
class FittedTemperature:
    """The temperature and how it was found.

    Attributes
    ----------
    temperature : float
        T > 0, which divides the logits.
    stderr : float or None
        Sandwich standard error of T; None at a bound.
    iterations : int
        Passes over all rows after the first look at their scale.
    bound : {"lower", "upper", "constant"} or None
        Why T is not an optimum: every row is right (T → 0), the scores are no better than chance (T → ∞),
        or all logits of every row are equal, so that T means nothing and is 1.
    nll : float
        Log-loss on these rows at T, nats a row.
    n, k : int
        Rows and classes.
    """

    method: ClassVar[str] = "temperature"

    temperature: float
    stderr: float | None
    iterations: int
    bound: Literal["lower", "upper", "constant"] | None
    nll: float
    n: int
    k: int

    def parameters(self) -> dict[str, Any]:
        """Return what a stored calibrator keeps."""
        return {name: value for name, value in asdict(self).items() if name not in ("n", "k")}


def fit_temperature(logits: Any, labels: Any, *, sample_weight: Any | None = None) -> FittedTemperature:
    """Return the T that minimises the log-loss of softmax(z / T), with its standard error.

    Parameters
    ----------
    logits : array, (n, k), (n,) or (n, 1)
        Of validation rows; binary ones of the positive class.
    labels : integer or bool array, (n,)
        True classes, 0..k-1.
    sample_weight : array, (n,), optional
        A weight of 2 counts as the row twice.

    Raises
    ------
    InvalidPredictions
        As `evaluate`, and where the logit of a true class is -inf.
    FitFailed
        The logits are too large or too small for the floats of the device.

    Notes
    -----
    Guo, Pleiss, Sun & Weinberger, ICML 2017, section 4.2: the loss is convex in β = 1/T. T, bounds and
    standard error are those of `calibrant.TemperatureScaling`.

    Examples
    --------
    >>> import numpy as np
    >>> logits = np.array([[4.0, 0.0], [4.0, 0.0], [0.0, 4.0], [4.0, 0.0]])
    >>> round(fit_temperature(logits, np.array([0, 0, 1, 1])).temperature, 4)
    3.641
    """
    return temperature_of(check_rows(logits, labels, kind="logits", sample_weight=sample_weight))


def temperature_of(rows: ArrayRows) -> FittedTemperature:
    """Fit checked rows; errors as in `fit_temperature`."""
    shape = rows.sum(lambda block: _shape_sums(rows, block))
    weight, to_right, to_chance, squares, finite, impossible = shape.tolist()
    if impossible > 0:
        raise _impossible(rows)
    scale = math.sqrt(squares / finite)
    if scale == 0:
        return _found(rows, 1.0, None, 1, "constant", _Loss(rows, 1.0).at(1.0).value)
    smallest, largest = _SCALES[rows.library.is_wide]
    if not smallest <= scale <= largest:
        raise FitFailed(
            f"the logits cannot be fitted: their root mean square is {scale:.3g}. Rescale them first."
        )
    loss = _Loss(rows, scale)
    if to_right == 0:
        return _found(rows, scale / _RANGE, None, 1, "lower", loss.at(_RANGE).value)
    if to_chance >= 0:
        return _found(rows, scale * _RANGE, None, 1, "upper", loss.at(1 / _RANGE).value)
    found = minimise_scalar(loss.at, start=_warm_start(rows, scale), lower=1 / _RANGE, upper=_RANGE)
    if found.bound is not None:
        # The lower end of β = 1/T is the upper end of T.
        bound: Literal["lower", "upper"] = "upper" if found.bound == "lower" else "lower"
        return _found(rows, scale / found.x, None, loss.passes, bound, found.value)
    stderr = math.sqrt(loss.squared_slopes(found.x)) / (weight * found.curvature) * scale / found.x**2
    return _found(rows, scale / found.x, stderr, loss.passes, None, found.value)


def scale_of(rows: ArrayRows) -> float:
    """Return the root mean square of the centred logits."""
    squares, finite = rows.sum(lambda block: _shape_sums(rows, block))[3:5].tolist()
    return math.sqrt(squares / finite)


class _Loss:
    """The mean log-loss of softmax(βz / s) as a function of β."""

    def __init__(self, rows: ArrayRows, scale: float) -> None:
        self._rows, self._scale = rows, scale
        self.passes = 0
        self._latest: tuple[float, Floats] | None = None

    def at(self, beta: float) -> Derivatives:
        sums = self._rows.sum(lambda block: _loss_sums(self._rows, block, self._scale, beta))
        self.passes += 1
        self._latest = (beta, sums)
        weight, loss, slope, curvature, third = sums[:5].tolist()
        return Derivatives(loss / weight, slope / weight, curvature / weight, third / weight)

    def squared_slopes(self, beta: float) -> float:
        """Return Σ w slope² near the point evaluated last, corrected to first order."""
        assert self._latest is not None
        at, sums = self._latest
        # Where every row has slope 0 at the optimum (one row), what is left is rounding, of either sign.
        return max(float(sums[5] + 2 * sums[6] * (beta - at)), 0.0)


def _loss_sums(rows: ArrayRows, block: Block, scale: float, beta: float) -> Any:
    """Return weight, loss, its three derivatives in β, squared slopes, and half their derivative.

    The derivatives are the cumulants of the logits under softmax(βz), the first less the true class's.
    """
    xp = rows.library.xp
    below = xp.clip((block.scores - xp.max(block.scores, axis=1, keepdims=True)) / scale, min=_LOWEST)
    masses = xp.exp(beta * below)
    total = xp.sum(masses, axis=1, keepdims=True)
    probs = masses / total
    mean = xp.sum(probs * below, axis=1, keepdims=True)
    centred = below - mean
    variance = xp.sum(probs * centred**2, axis=1)
    third = xp.sum(probs * centred**3, axis=1)
    truth = at_label(xp, block, below)
    slope = mean[:, 0] - truth
    loss = xp.log(total[:, 0]) - beta * truth
    columns = (xp.ones_like(loss), loss, slope, variance, third, slope**2, slope * variance)
    return xp.stack([xp.sum(block.weight * column) for column in columns])


def _shape_sums(rows: ArrayRows, block: Block) -> Any:
    """Return weight, max z - z_y, mean z - z_y, centred squares, finite scores, rows of a label at -inf."""
    xp = rows.library.xp
    below = block.scores - xp.max(block.scores, axis=1, keepdims=True)
    is_finite = below > -math.inf
    count = xp.sum(xp.astype(is_finite, below.dtype), axis=1)
    below = xp.where(is_finite, below, 0.0)
    mean = xp.sum(below, axis=1) / count
    squares = xp.sum(xp.where(is_finite, below - mean[:, None], 0.0) ** 2, axis=1)
    truth = at_label(xp, block, below)
    impossible = xp.any(block.is_label & ~is_finite, axis=1)
    counts = block.weight > 0
    columns = (xp.ones_like(truth), -truth, mean - truth, squares, count)
    sums = [xp.sum(xp.where(counts, block.weight * column, 0.0)) for column in columns]
    return xp.stack([*sums, xp.sum(xp.astype(impossible & counts, truth.dtype))])


def _warm_start(rows: ArrayRows, scale: float) -> float:
    """Return β of about a thousand evenly spaced rows, where that is much cheaper and has an answer."""
    if rows.n < 16 * _SUBSAMPLE:
        return 1.0
    some = rows.every(rows.n // _SUBSAMPLE)
    if some.weight is not None and float(rows.library.xp.max(some.weight)) == 0:
        return 1.0
    found = minimise_scalar(_Loss(some, scale).at, start=1.0, lower=1 / _RANGE, upper=_RANGE)
    return 1.0 if found.bound is not None else found.x


def _found(
    rows: ArrayRows,
    temperature: float,
    stderr: float | None,
    iterations: int,
    bound: Literal["lower", "upper", "constant"] | None,
    nll: float,
) -> FittedTemperature:
    return FittedTemperature(temperature, stderr, iterations, bound, nll, rows.n, rows.k)


def _impossible(rows: ArrayRows) -> CalibrantError:
    xp = rows.library.xp
    for start, block in rows.blocks():
        masked = xp.any(block.is_label & (block.scores == -math.inf), axis=1) & (block.weight > 0)
        if bool(xp.any(masked)):
            row = start + int(xp.argmax(xp.astype(masked, rows.library.integers)))
            return InvalidPredictions(
                f"the logit of the true class {int(rows.labels[row])} is -inf at row {row}: no temperature "
                "makes it possible. Drop the row, or mask only classes that never occur."
            )
    return FitFailed("the logits are too large to be fitted: their differences overflow. Rescale them.")
