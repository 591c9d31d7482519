"""Quadratic scaling: the log-odds bent by a square, within the range of the fitting rows and never downwards.

It lets the temperature change along the score: over-confident where scores are high, say, but not elsewhere.
"""

from __future__ import annotations

from collections.abc import Mapping
from functools import partial, reduce
from typing import Any, ClassVar, final

import numpy as np

from calibrant._typing import Floats
from calibrant.calibrators import document
from calibrant.calibrators.log_odds import LogOdds
from calibrant.calibrators.logistic import fit_logistic, label_targets, logistic_probs
from calibrant.calibrators.logistic_columns import Features
from calibrant.calibrators.logistic_fit import LogisticFit
from calibrant.calibrators.summed import SummedCalibrator
from calibrant.engine import DEFAULT_ENGINE, Engine
from calibrant.errors import NotFitted, UnreadableFile
from calibrant.predictions import Predictions, Table


@final
class QuadraticScaling(SummedCalibrator):
    """Calibrate with σ(c + a x + q x²), x the log-odds of a class; many classes one against the rest.

    Attributes
    ----------
    coefficients_ : float64 array, (k, 3), or (1, 3) for two classes
        Slope at the lower end of the range, slope at its upper end, both ≥ 0, and value at x = 0.
    ranges_ : float64 array, (k, 2), or (1, 2)
        Least and greatest x of the fitting rows.
    unbounded_ : tuple of int
        Classes whose log-loss has no finite optimum (absent or separable): the ridge keeps them finite.

    Notes
    -----
    Where x is normally distributed in each class, with two variances, the true log-odds is quadratic in x
    (quadratic discriminant analysis; with one variance it is Platt's line). A free parabola turns round
    somewhere and runs off beyond the rows, so this one is written by its slopes at both ends of the rows'
    range, changes from one to the other linearly, keeps them beyond, and has them ≥ 0: it never reverses the
    order of scores, and an outlier makes it straighter, not wilder. Inside the range, where neither bound
    holds, it is logistic regression on (1, x, x²). The loss is convex and minimised by a projected Newton
    method; a ridge of 1e-6 |θ - θ₀|² / 2 beside the summed loss ties it to temperature scaling, θ being the
    slopes (in units of what they multiply) and the value at x₀ = -log(k - 1), where all classes are alike,
    and θ₀ = (1/T, 1/T, x₀); for a class that never occurs, or always does, its weight is 1.

    Examples
    --------
    >>> quadratic = QuadraticScaling().fit([2.0, 1.0, 0.5, -1.0, 1.5, -2.0, 0.0], [1, 0, 1, 0, 1, 0, 0])
    >>> quadratic.ranges_.tolist(), quadratic.coefficients_.shape
    ([[-2.0, 2.0]], (1, 3))
    """

    method: ClassVar[str] = "quadratic"
    keeps_argmax: ClassVar[bool] = False
    use_when: ClassVar[str] = "for two classes, where confident scores need another slope than doubtful ones"

    def __init__(self) -> None:
        self.fit_: LogisticFit | None = None
        self._ranges: Floats = np.empty((0, 2))

    @property
    def coefficients_(self) -> Floats:
        """Both end slopes and the value at 0 of each class."""
        return self._fitted().coefficients

    @property
    def ranges_(self) -> Floats:
        """Least and greatest log-odds of each class."""
        return self._ranges

    @property
    def unbounded_(self) -> tuple[int, ...]:
        """Classes whose log-loss has no finite optimum."""
        return self._fitted().unbounded

    def parameters(self) -> dict[str, Any]:
        """Return slopes, values and ranges of each class."""
        return {**self._fitted().encode(), "ranges": document.encode_array(self._ranges)}

    def describe(self) -> str:
        """Say the slopes at both ends, or their range."""
        coefficients, note = self.coefficients_, self._fitted().note()
        if len(coefficients) == 1:
            (low, high, value), (least, most) = coefficients[0], self._ranges[0]
            return (
                f"quadratic scaling: slope {low:.4f} at log-odds {least:.3g} to {high:.4f} at {most:.3g}, "
                f"value {value:+.4f} at 0{note}"
            )
        (low, high, _), (low_most, high_most, _) = coefficients.min(axis=0), coefficients.max(axis=0)
        return (
            f"quadratic scaling, one against the rest: slopes {low:.3g} to {low_most:.3g} at the lower end, "
            f"{high:.3g} to {high_most:.3g} at the upper{note}"
        )

    def _fitted(self) -> LogisticFit:
        if self.fit_ is None:
            raise NotFitted("this quadratic calibrator is not fitted: call fit(validation) first.")
        return self.fit_

    @property
    def free_parameters(self) -> int:
        """Numbers that the fit was free to choose."""
        return self.coefficients_.size

    def _fit_table(self, table: Table) -> float:
        log_odds = table.derived(LogOdds)
        self._ranges = reduce(_wider, log_odds.each(_ranges))
        self.fit_ = fit_logistic(
            table, log_odds, features=self._features(), slopes=2, lower=0.0, targets=label_targets
        )
        return self._loss_over(table)

    def _is_fitted(self) -> bool:
        return self.fit_ is not None

    def _transform(self, predictions: Predictions) -> Predictions:
        probs = logistic_probs(
            predictions, self.coefficients_, features=self._features(), engine=DEFAULT_ENGINE
        )
        return predictions.with_scores(probs, "probs")

    def _restore(self, parameters: Mapping[str, Any]) -> None:
        fit = LogisticFit.decode(parameters, slopes=2)
        ranges = document.decode_array(parameters, "ranges", shape=(len(fit.coefficients), 2))
        if (fit.coefficients[:, :2] < 0).any() or (ranges[:, 0] > ranges[:, 1]).any():
            raise UnreadableFile("slopes must be at least 0, and ranges must ascend.")
        self.fit_, self._ranges = fit, ranges

    def _features(self) -> Features:
        return partial(_features, ranges=self._ranges)


def _ranges(log_odds: LogOdds, engine: Engine) -> Floats:
    """Return the least and the greatest log-odds of each class among rows with a weight, (problems, 2)."""
    weight = log_odds.rows.sample_weight
    counts = np.s_[:] if weight is None else weight > 0
    columns = (log_odds.of(label)[counts] for label in log_odds.classes)
    return np.array([(column.min(initial=np.inf), column.max(initial=-np.inf)) for column in columns])


def _wider(one: Floats, other: Floats) -> Floats:
    return np.stack((np.minimum(one[:, 0], other[:, 0]), np.maximum(one[:, 1], other[:, 1])), axis=1)


def _features(log_odds: Floats, problem: int, *, ranges: Floats) -> Floats:
    """Return what the lower slope, the upper slope and the intercept are multiplied by."""
    least, most = ranges[problem]
    upper = _rise(log_odds, least, most) - _rise(np.zeros(1), least, most)
    return np.stack((log_odds - upper, upper, np.ones_like(log_odds)), axis=1)


def _rise(x: Floats, least: float, most: float) -> Floats:
    """Return the integral up to x of a slope that goes from 0 to 1 between `least` and `most`."""
    width = most - least
    if width == 0:
        return x / 2
    inside = np.clip(x - least, 0.0, width)
    rise: Floats = inside * inside / (2 * width) + np.maximum(x - most, 0.0)
    return rise
