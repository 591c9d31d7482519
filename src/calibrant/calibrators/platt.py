"""Platt scaling: the sigmoid of a slope times the log-odds plus an intercept, one pair for each class.

It is logistic regression on one number. For two classes it is vector scaling with one slope.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, ClassVar, Literal, final

import numpy as np

from calibrant._typing import Floats
from calibrant.calibrators.log_odds import LogOdds
from calibrant.calibrators.logistic import fit_logistic, label_targets, logistic_probs
from calibrant.calibrators.logistic_fit import LogisticFit
from calibrant.calibrators.summed import SummedCalibrator
from calibrant.engine import DEFAULT_ENGINE
from calibrant.errors import InvalidArgument, NotFitted, UnreadableFile
from calibrant.predictions import Predictions, Table
from calibrant.printable import shown

PlattTargets = Literal["labels", "smoothed"]


@final
class PlattScaling(SummedCalibrator):
    """Calibrate with σ(a x + b), x the log-odds of a class; many classes one against the rest.

    Parameters
    ----------
    targets : {"labels", "smoothed"}
        What the regression aims at: 1 and 0, or Platt's (N₊ + 1) / (N₊ + 2) and 1 / (N₋ + 2), which keep few
        or separable rows from looking certain.

    Attributes
    ----------
    slopes_, intercepts_ : float64 array, (k,), or (1,) for two classes
        a and b of each class, or of class 1.
    unbounded_ : tuple of int
        Classes whose log-loss has no finite optimum (absent or separable): the ridge keeps them finite.

    Notes
    -----
    Platt, Advances in Large Margin Classifiers 1999. For two classes x = z₁ - z₀; for more,
    x = log p - log(1 - p) of each class against the rest, and the rows are normalised. The loss, convex, is
    minimised by Newton's method; a ridge of 1e-6 |θ - θ₀|² / 2 beside the summed loss ties it to temperature
    scaling, θ being the slope (times the root mean square of x - x₀) and the value at x₀ = -log(k - 1), where
    all classes are alike, and θ₀ = (1/T, x₀); for a class that never occurs, or always does, its weight is 1.
    Where rows differ from x₀ by less than about 1e-8 of it, the slope stays near 1: only intercepts learn.

    Examples
    --------
    >>> platt = PlattScaling().fit([2.0, 1.0, 0.5, -1.0, 1.5, -2.0], [1, 0, 1, 0, 1, 0])
    >>> platt.slopes_.round(3).tolist(), platt.intercepts_.round(3).tolist()
    ([1.864], [-1.065])
    """

    method: ClassVar[str] = "platt"
    keeps_argmax: ClassVar[bool] = False
    use_when: ClassVar[str] = "for two classes, or where single classes are biased and rows are few"

    def __init__(self, *, targets: PlattTargets = "labels") -> None:
        if targets not in ("labels", "smoothed"):
            raise InvalidArgument(f"targets must be 'labels' or 'smoothed'; got {shown(repr(targets))}.")
        self.targets = targets
        self.fit_: LogisticFit | None = None

    @property
    def slopes_(self) -> Floats:
        """Slope of each class's log-odds."""
        return self._fitted().coefficients[:, 0]

    @property
    def intercepts_(self) -> Floats:
        """What is added to each class's log-odds."""
        return self._fitted().coefficients[:, 1]

    @property
    def unbounded_(self) -> tuple[int, ...]:
        """Classes whose log-loss has no finite optimum."""
        return self._fitted().unbounded

    def parameters(self) -> dict[str, Any]:
        """Return slopes and intercepts, and what they aimed at."""
        return {**self._fitted().encode(), "targets": self.targets}

    def describe(self) -> str:
        """Say slope and intercept, or their range."""
        slopes, intercepts = self.slopes_, self.intercepts_
        note = self._fitted().note()
        if len(slopes) == 1:
            return f"Platt scaling: σ({slopes[0]:.4f} x {intercepts[0]:+.4f}){note}"
        return (
            f"Platt scaling, one against the rest: slopes {slopes.min():.3g} to {slopes.max():.3g}, "
            f"intercepts {intercepts.min():.3g} to {intercepts.max():.3g}{note}"
        )

    def _fitted(self) -> LogisticFit:
        if self.fit_ is None:
            raise NotFitted("this platt calibrator is not fitted: call fit(validation) first.")
        return self.fit_

    @property
    def free_parameters(self) -> int:
        """Numbers that the fit was free to choose."""
        return self.slopes_.size + self.intercepts_.size

    def _fit_table(self, table: Table) -> float:
        self.fit_ = fit_logistic(
            table,
            table.derived(LogOdds),
            features=_features,
            slopes=1,
            lower=-np.inf,
            targets=_smoothed if self.targets == "smoothed" else label_targets,
        )
        return self._loss_over(table)

    def _is_fitted(self) -> bool:
        return self.fit_ is not None

    def _transform(self, predictions: Predictions) -> Predictions:
        coefficients = self._fitted().coefficients
        probs = logistic_probs(predictions, coefficients, features=_features, engine=DEFAULT_ENGINE)
        return predictions.with_scores(probs, "probs")

    def _restore(self, parameters: Mapping[str, Any]) -> None:
        targets = parameters.get("targets")
        if targets not in ("labels", "smoothed"):
            raise UnreadableFile(f"'targets' must be 'labels' or 'smoothed'; got {shown(repr(targets))}.")
        self.targets = targets
        self.fit_ = LogisticFit.decode(parameters, slopes=1)


def _features(log_odds: Floats, problem: int) -> Floats:
    return np.stack((log_odds, np.ones_like(log_odds)), axis=1)


def _smoothed(positives: float, negatives: float) -> tuple[float, float]:
    return (positives + 1) / (positives + 2), 1 / (negatives + 2)
