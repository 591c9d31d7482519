"""Temperature scaling: divide every logit by one number T, chosen by log-loss on validation rows.

It softens (T > 1) or sharpens (T < 1) and never changes a predicted class. It cannot move a bias.
"""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, ClassVar, Literal, final

import numpy as np

from calibrant._typing import Floats, Integers, Scores
from calibrant.calibrators import document
from calibrant.calibrators.base import Calibrator
from calibrant.engine import Engine
from calibrant.errors import (
    CalibrantError,
    FitFailed,
    InvalidArgument,
    InvalidPredictions,
    NotFitted,
    UnreadableFile,
)
from calibrant.kernels.layout import for_kernels, weight_for_kernels
from calibrant.kernels.temperature import LOSS_WIDTH, SHAPE_WIDTH, shape_sums, temperature_sums
from calibrant.predictions import Predictions
from calibrant.solvers import Derivatives, minimise_scalar

Bound = Literal["lower", "upper", "constant"]

_BOUND_REASONS = {
    "lower": "every row is right, so sharper is always better",
    "upper": "the scores do no better than chance, so flatter is always better",
    "constant": "all classes of every row score the same",
}
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


@final
class TemperatureScaling(Calibrator):
    """Calibrate with softmax(z / T), T minimising the log-loss on validation rows.

    Parameters
    ----------
    temperature : float, optional
        A fixed T > 0 that divides the logits; such a calibrator needs no fit.

    Attributes
    ----------
    temperature_ : float
        T. Above 1 the net was over-confident.
    temperature_stderr_ : float or None
        Standard error of T (sandwich form); None at a bound or for a fixed T.
    iterations_ : int
        Passes over all rows.
    bound_ : {"lower", "upper", "constant"} or None
        Where the search stopped, if not at an optimum.

    Notes
    -----
    The loss Σ w [log Σ_j exp(β z_j) - β z_y] is convex in β = 1/T (Guo, Pleiss, Sun & Weinberger, ICML
    2017, section 4.2). T stays within 1e-4 and 1e4 times the root mean square of the centred logits. The
    standard error is that of an M-estimator, sqrt(Σ w g²) / Σ w h · T², with g and h the slope and
    curvature of a row; a weight of w counts as w rows.

    Examples
    --------
    >>> validation = Predictions.from_logits([[4.0, 0.0], [4.0, 0.0], [0.0, 4.0], [4.0, 0.0]], [0, 0, 1, 1])
    >>> round(TemperatureScaling().fit(validation).temperature_, 4)
    3.641
    """

    method: ClassVar[str] = "temperature"
    keeps_argmax: ClassVar[bool] = True

    def __init__(self, temperature: float | None = None) -> None:
        if temperature is not None and not (math.isfinite(temperature) and temperature > 0):
            raise InvalidArgument(f"temperature must be finite and above 0; got {temperature!r}.")
        self.temperature = temperature
        self.fit_: TemperatureFit | None = None

    @property
    def temperature_(self) -> float:
        """The temperature in use: the fitted one, or the fixed one."""
        if self.fit_ is not None:
            return self.fit_.temperature
        if self.temperature is not None:
            return float(self.temperature)
        raise NotFitted("there is no temperature yet: call fit(validation) first.")

    @property
    def temperature_stderr_(self) -> float | None:
        """Standard error of the fitted temperature."""
        return None if self.fit_ is None else self.fit_.stderr

    @property
    def iterations_(self) -> int:
        """Passes over all rows that the fit took."""
        return 0 if self.fit_ is None else self.fit_.iterations

    @property
    def bound_(self) -> Bound | None:
        """Where the search stopped, if not at an optimum."""
        return None if self.fit_ is None else self.fit_.bound

    def parameters(self) -> dict[str, Any]:
        """Return the temperature and how it was found."""
        return {
            "temperature": self.temperature_,
            "stderr": self.temperature_stderr_,
            "iterations": self.iterations_,
            "bound": self.bound_,
            "nll": None if self.fit_ is None else self.fit_.nll,
        }

    def describe(self) -> str:
        """Say the temperature, its standard error, and what it means."""
        temperature, stderr, bound = self.temperature_, self.temperature_stderr_, self.bound_
        spread = "" if stderr is None else f" ± {stderr:.4f}"
        effect = "softens" if temperature > 1 else "sharpens" if temperature < 1 else "changes nothing"
        stopped = "" if bound is None else f"; stopped at a bound: {_BOUND_REASONS[bound]}"
        return f"temperature scaling: T = {temperature:.4f}{spread} ({effect}){stopped}"

    def _fit(self, predictions: Predictions, engine: Engine) -> float:
        sums = _Sums(predictions, engine)
        if self.temperature is not None:
            return _loss_at(sums, 1 / self.temperature)
        self.fit_ = _minimise(sums)
        return self.fit_.nll

    def _is_fitted(self) -> bool:
        return self.fit_ is not None or self.temperature is not None

    def _transform(self, predictions: Predictions) -> Predictions:
        top = predictions.scores.argmax(axis=1)
        return predictions.with_scores(_divided(predictions.logits(), self.temperature_, top), "logits")

    def _restore(self, parameters: Mapping[str, Any]) -> None:
        temperature = document.number(parameters, "temperature", above=0.0)
        assert temperature is not None
        nll = document.number(parameters, "nll", optional=True)
        if nll is None:
            self.temperature = temperature
            return
        bound = parameters.get("bound")
        if bound not in (None, "lower", "upper", "constant"):
            raise UnreadableFile(f"'bound' must be null, 'lower', 'upper' or 'constant'; got {bound!r}.")
        stderr = document.number(parameters, "stderr", optional=True)
        iterations = document.number(parameters, "iterations", above=-1.0)
        assert iterations is not None
        self.fit_ = TemperatureFit(temperature, stderr, int(iterations), bound, nll)


class _Sums:
    """The log-loss over rows as a function of β = 1/T, summed by an engine."""

    def __init__(self, predictions: Predictions, engine: Engine) -> None:
        self._engine = engine
        self.predictions = predictions
        self._rows = (
            for_kernels(predictions.logits()),
            predictions.labels,
            weight_for_kernels(predictions.sample_weight),
        )
        self.passes = 0
        self._latest: tuple[float, Floats] | None = None

    def shape(self) -> Floats:
        n, k = self._rows[0].shape
        return self._engine.sum_rows(
            lambda start, stop, out: shape_sums(start, stop, *self._rows, out), n, k, SHAPE_WIDTH
        )

    def at(self, inverse_temperature: float) -> Derivatives:
        n, k = self._rows[0].shape
        sums = self._engine.sum_rows(
            lambda start, stop, out: temperature_sums(start, stop, *self._rows, inverse_temperature, out),
            n,
            k,
            LOSS_WIDTH,
        )
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

    def subsample(self) -> _Sums | None:
        """Return the sums over evenly spaced rows, where that is much cheaper and still well posed."""
        n = self.predictions.n
        if n < 16 * _SUBSAMPLE:
            return None
        rows = np.arange(0, n, n // _SUBSAMPLE)
        weight = self.predictions.sample_weight
        if weight is not None and not weight[rows].any():
            return None
        return _Sums(self.predictions.take(rows), self._engine)


def _minimise(sums: _Sums) -> TemperatureFit:
    weight, to_right, to_chance, squares, finite, impossible = sums.shape().tolist()
    if impossible > 0:
        raise _impossible(sums.predictions)
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
    if found.bound is not None:
        # The lower end of β = 1/T is the upper end of T.
        bound: Bound = "upper" if found.bound == "lower" else "lower"
        return TemperatureFit(1 / found.x, None, sums.passes, bound, found.value)
    stderr = math.sqrt(sums.squared_slopes(found.x)) / (weight * found.curvature) / found.x / found.x
    return TemperatureFit(1 / found.x, stderr, sums.passes, None, found.value)


def _warm_start(sums: _Sums, lowest: float, highest: float) -> float:
    subsample = sums.subsample()
    start = math.sqrt(lowest) * math.sqrt(highest)
    if subsample is None:
        return start
    found = minimise_scalar(subsample.at, start=start, lower=lowest, upper=highest)
    return start if found.bound is not None else found.x


def _loss_at(sums: _Sums, inverse_temperature: float) -> float:
    loss = sums.at(inverse_temperature).value
    if not math.isfinite(loss):
        raise _impossible(sums.predictions)
    return loss


def _impossible(predictions: Predictions) -> CalibrantError:
    at_label = predictions.scores[np.arange(predictions.n), predictions.labels]
    counted = True if predictions.sample_weight is None else predictions.sample_weight > 0
    hopeless = (at_label == -np.inf) & counted
    if not hopeless.any():
        return FitFailed("the logits are too large to be fitted: their differences overflow. Rescale them.")
    row = int(np.argmax(hopeless))
    return InvalidPredictions(
        f"the logit of the true class {predictions.labels[row]} is -inf at row {row}: no temperature makes "
        "it possible. Drop the row, or mask only classes that never occur."
    )


def _divided(logits: Scores, temperature: float, top: Integers) -> Scores:
    """Return logits / T in float32 or float64, with the greatest of every row at `top`."""
    dtype = np.dtype(np.float64 if logits.dtype == np.float64 else np.float32)
    with np.errstate(over="ignore"):
        scaled: Scores = np.divide(logits, temperature, dtype=np.float64).astype(dtype, copy=False)
    if not scaled.max() < np.inf:
        raise InvalidArgument(f"logits divided by a temperature of {temperature:g} overflow {dtype}.")
    after = scaled.argmax(axis=1)
    moved = np.flatnonzero(after != top)
    scaled[moved, top[moved]] = np.nextafter(scaled[moved, after[moved]], dtype.type(np.inf))
    return scaled
