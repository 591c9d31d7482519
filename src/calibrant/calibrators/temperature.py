"""Temperature scaling: divide every logit by one number T, chosen by log-loss on validation rows.

It softens (T > 1) or sharpens (T < 1) and never changes a predicted class. It cannot move a bias.
"""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import replace
from typing import Any, ClassVar, final

import numpy as np

from calibrant._typing import Floats, Integers, Scores
from calibrant.calibrators import document
from calibrant.calibrators.summed import SummedCalibrator
from calibrant.calibrators.temperature_fit import (
    Bound,
    TemperatureFit,
    fit_temperature,
    loss_at,
    soft_label_stderr,
)
from calibrant.engine import Engine
from calibrant.errors import InvalidArgument, NotFitted, UnreadableFile
from calibrant.predictions import Predictions, SoftLabelPredictions, Table
from calibrant.predictions.soft_label_checks import check_possible
from calibrant.printable import shown

_BOUND_REASONS = {
    "lower": "every row is right, so sharper is always better",
    "upper": "the scores do no better than chance, so flatter is always better",
    "constant": "all classes of every row score the same",
}


@final
class TemperatureScaling(SummedCalibrator):
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
    curvature of a row; a weight of w counts as w rows. The slope of a row of soft labels is the mean over its
    annotators.

    Examples
    --------
    >>> validation = Predictions.from_logits([[4.0, 0.0], [4.0, 0.0], [0.0, 4.0], [4.0, 0.0]], [0, 0, 1, 1])
    >>> round(TemperatureScaling().fit(validation).temperature_, 4)
    3.641
    """

    method: ClassVar[str] = "temperature"
    keeps_argmax: ClassVar[bool] = True
    use_when: ClassVar[str] = "first, and alone with few rows; it repairs over-confidence but moves no bias"

    def __init__(self, temperature: float | None = None) -> None:
        if temperature is not None and not (math.isfinite(temperature) and temperature > 0):
            raise InvalidArgument(f"temperature must be finite and above 0; got {shown(repr(temperature))}.")
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

    @property
    def bound_reason_(self) -> str | None:
        """Why no finite temperature above 0 fits best, in words; None where one does."""
        return None if self.bound_ is None else _BOUND_REASONS[self.bound_]

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
        stopped = "" if bound is None else f"; stopped at a bound: {self.bound_reason_}"
        return f"temperature scaling: T = {temperature:.4f}{spread} ({effect}){stopped}"

    @property
    def free_parameters(self) -> int:
        """Numbers that the fit was free to choose."""
        return 0 if self.fit_ is None else 1

    def _fit_table(self, table: Table) -> float:
        if self.temperature is not None:
            return loss_at(self.temperature, table)
        self.fit_ = fit_temperature(table)
        return self.fit_.nll

    def _fit_soft_labels(self, rows: SoftLabelPredictions, engine: Engine) -> float:
        check_possible(rows.scores, rows.kind, rows.chosen)
        nll = self._fit(rows.expanded(), engine)
        if self.fit_ is not None and self.fit_.stderr is not None:
            self.fit_ = replace(self.fit_, stderr=soft_label_stderr(rows, self.fit_.temperature))
        return nll

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
            raise UnreadableFile(
                f"'bound' must be null, 'lower', 'upper' or 'constant'; got {shown(repr(bound))}."
            )
        stderr = document.number(parameters, "stderr", optional=True)
        iterations = document.number(parameters, "iterations", above=-1.0)
        assert iterations is not None
        self.fit_ = TemperatureFit(temperature, stderr, int(iterations), bound, nll)


def _divided(logits: Scores, temperature: float, top: Integers) -> Scores:
    """Return logits / T in float32 or float64, with the greatest of every row at `top`."""
    limits = np.finfo(np.float64) if logits.dtype == np.float64 else np.finfo(np.float32)
    with np.errstate(over="ignore"):
        scaled: Scores = np.divide(logits, temperature, dtype=np.float64).astype(limits.dtype, copy=False)
    if not np.isfinite((scaled.min(), scaled.max())).all():
        beyond = (np.isinf(scaled) & (logits > -np.inf)).any(axis=1)
        scaled[beyond] = _lowered(logits[beyond], temperature, float(limits.min))
    after = scaled.argmax(axis=1)
    moved = np.flatnonzero(after != top)
    scaled[moved, top[moved]] = np.nextafter(scaled[moved, after[moved]], limits.dtype.type(np.inf))
    return scaled


def _lowered(logits: Scores, temperature: float, least: float) -> Floats:
    """Return rows that would overflow, their greatest logit moved to 0: their probabilities are the same."""
    rows = logits.astype(np.float64)
    with np.errstate(over="ignore"):
        scaled = (rows - rows.max(axis=1, keepdims=True)) / temperature
    lowered: Floats = np.where(rows > -np.inf, np.maximum(scaled, least), -np.inf)
    return lowered
