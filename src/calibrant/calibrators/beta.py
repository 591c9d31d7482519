"""Beta calibration: one slope on the logarithm of p and another on that of 1 - p, one pair for each class.

It bends where Platt scaling cannot, contains the identity, and never turns the order of scores round.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, ClassVar, final

import numpy as np
from scipy.special import log_expit

from calibrant._typing import Floats
from calibrant.calibrators.log_odds import LogOdds
from calibrant.calibrators.logistic import fit_logistic, label_targets, logistic_probs
from calibrant.calibrators.logistic_fit import LogisticFit
from calibrant.calibrators.summed import SummedCalibrator
from calibrant.engine import DEFAULT_ENGINE
from calibrant.errors import NotFitted, UnreadableFile
from calibrant.predictions import Predictions, Table


@final
class BetaCalibration(SummedCalibrator):
    """Calibrate with σ(a ln p - b ln(1 - p) + c), a ≥ 0, b ≥ 0; many classes one against the rest.

    Attributes
    ----------
    coefficients_ : float64 array, (k, 3), or (1, 3) for two classes
        a, b and c of each class, or of class 1.
    unbounded_ : tuple of int
        Classes whose log-loss has no finite optimum (absent or separable): the ridge keeps them finite.

    Notes
    -----
    Kull, Silva Filho & Flach, AISTATS 2017, section 4: the true posterior where the scores of each class
    follow a beta distribution. The logarithms come from the log-odds, so that no p is clipped; with many
    classes the rows are normalised. Where an unconstrained a or b would be negative, the paper sets it to 0
    and fits the others again; here the constrained optimum is found as such, by a projected Newton method,
    which is the same point. A ridge of 1e-6 |θ - θ₀|² / 2 beside the summed loss ties it to temperature
    scaling, θ being a and b (times the root mean square of their logarithms, measured from p = 1/k) and the
    log-odds at p = 1/k, and θ₀ = (1/T, 1/T, -log(k - 1)); for a class that never occurs, or always does, its
    weight is 1. Where rows differ from p = 1/k by less than about 1e-8, a and b stay near 1: only c learns.

    Examples
    --------
    >>> rows = Predictions.from_probs([0.9, 0.8, 0.6, 0.3, 0.7, 0.1], [1, 1, 0, 0, 1, 1])
    >>> BetaCalibration().fit(rows).coefficients_.round(3).tolist()
    [[0.0, 1.504, -0.729]]
    """

    method: ClassVar[str] = "beta"
    keeps_argmax: ClassVar[bool] = False
    use_when: ClassVar[str] = "for two classes, where a sigmoid of the logit bends the wrong way"

    def __init__(self) -> None:
        self.fit_: LogisticFit | None = None

    @property
    def coefficients_(self) -> Floats:
        """Slopes a, b and intercept c of each class."""
        return self._fitted().coefficients

    @property
    def unbounded_(self) -> tuple[int, ...]:
        """Classes whose log-loss has no finite optimum."""
        return self._fitted().unbounded

    def parameters(self) -> dict[str, Any]:
        """Return a, b and c of each class."""
        return self._fitted().encode()

    def describe(self) -> str:
        """Say a, b and c, or their range."""
        coefficients, note = self.coefficients_, self._fitted().note()
        if len(coefficients) == 1:
            a, b, c = coefficients[0]
            return f"beta calibration: a = {a:.4f}, b = {b:.4f}, c = {c:+.4f}{note}"
        (a, b, c), (a_most, b_most, c_most) = coefficients.min(axis=0), coefficients.max(axis=0)
        return (
            f"beta calibration, one against the rest: a {a:.3g} to {a_most:.3g}, b {b:.3g} to {b_most:.3g}, "
            f"c {c:.3g} to {c_most:.3g}{note}"
        )

    def _fitted(self) -> LogisticFit:
        if self.fit_ is None:
            raise NotFitted("this beta calibrator is not fitted: call fit(validation) first.")
        return self.fit_

    @property
    def free_parameters(self) -> int:
        """Numbers that the fit was free to choose."""
        return self.coefficients_.size

    def _fit_table(self, table: Table) -> float:
        self.fit_ = fit_logistic(
            table, table.derived(LogOdds), features=_features, slopes=2, lower=0.0, targets=label_targets
        )
        return self._loss_over(table)

    def _is_fitted(self) -> bool:
        return self.fit_ is not None

    def _transform(self, predictions: Predictions) -> Predictions:
        probs = logistic_probs(predictions, self.coefficients_, features=_features, engine=DEFAULT_ENGINE)
        return predictions.with_scores(probs, "probs")

    def _restore(self, parameters: Mapping[str, Any]) -> None:
        fit = LogisticFit.decode(parameters, slopes=2)
        if (fit.coefficients[:, :2] < 0).any():
            raise UnreadableFile("the slopes of beta calibration must be at least 0.")
        self.fit_ = fit


def _features(log_odds: Floats, problem: int) -> Floats:
    return np.stack((log_expit(log_odds), -log_expit(-log_odds), np.ones_like(log_odds)), axis=1)
