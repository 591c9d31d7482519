"""Spline calibration: a smooth curve from a class's log-odds to calibrated log-odds, as wavy as the rows ask.

It bends where temperature scaling is one straight line; without evidence it is that line.
"""

from __future__ import annotations

import math
from collections.abc import Mapping
from functools import partial
from typing import Any, ClassVar, final

import numpy as np
from scipy.special import expit

from calibrant._typing import Floats
from calibrant.calibrators.binary_problem import Problems
from calibrant.calibrators.choices import check_amount, check_count
from calibrant.calibrators.class_problems import (
    check_problem_count,
    class_columns,
    class_problems,
    problem_classes,
    whole_rows,
)
from calibrant.calibrators.curves import Curve, decode_curves, encode_curves
from calibrant.calibrators.document import number
from calibrant.calibrators.fitted_curves import read_columns
from calibrant.calibrators.natural_spline import spline_value
from calibrant.calibrators.parted import PartedCalibrator
from calibrant.calibrators.penalised_spline import fit_spline
from calibrant.calibrators.pooled_fits import fit_pooled
from calibrant.calibrators.temperature_fit import fit_temperature
from calibrant.calibrators.tempered_odds import LARGEST_LOG_ODDS, tempered_log_odds
from calibrant.errors import InvalidArgument, NotFitted
from calibrant.predictions import Derived, Predictions, Table


@final
class SplineCalibration(PartedCalibrator):
    """Calibrate with a natural cubic spline of each class's log-odds, after temperature scaling.

    Parameters
    ----------
    knots : int
        Most knots a curve, at least 2.
    shrinkage : float
        Pseudo-rows ρ > 0 that hold each curve to the temperature-scaled log-odds, so that a class without
        rows stays where temperature scaling puts it.

    Attributes
    ----------
    temperature_ : float
        T of the scaling before; 1 where every fitting row is right, so that T would be 0.
    curves_ : tuple of Curve
        Log-odds at the knots, for each class, or for class 1 of two.

    Notes
    -----
    With x the log-odds of a class against the rest under softmax(z / T), its probability is σ(f(x)), f a
    natural cubic spline that minimises the log-loss plus λ/2 ∫ f″² and a pull of ρ pseudo-rows towards x,
    by Newton's method; λ has the least approximate leave-one-out log-loss. Two classes: class 1; more: every
    class against the rest, the rows then normalised. Beyond its knots a curve goes on straight and never
    falls. Probabilities stay within 2⁻¹²⁶ of 0 and 1, so the log-loss is finite. (Green & Silverman,
    Nonparametric Regression and Generalized Linear Models, 1994, chapter 5; splines for calibration: Lucena,
    arXiv 1809.07751, 2018.) Rows in parts: as `IsotonicCalibration`.

    Examples
    --------
    >>> z = np.linspace(-4.0, 4.0, 81)
    >>> rows = Predictions.from_logits(z, np.arange(81) % 4 < 1 + 2 * (z > 0))
    >>> SplineCalibration().fit(rows).predict_proba([-3.0, 3.0])[:, 1].round(1).tolist()
    [0.2, 0.8]
    """

    method: ClassVar[str] = "spline"
    keeps_argmax: ClassVar[bool] = False
    use_when: ClassVar[str] = "for two classes and hundreds of rows, where a smooth curve is wanted"

    def __init__(self, knots: int = 6, *, shrinkage: float = 1.0) -> None:
        self.knots = check_count("knots", knots, least=2)
        self.shrinkage = _check_shrinkage(shrinkage)
        self.temperature_ = 1.0
        self.fit_: tuple[Curve, ...] | None = None

    @property
    def curves_(self) -> tuple[Curve, ...]:
        """The splines, as log-odds at their knots."""
        if self.fit_ is None:
            raise NotFitted("there are no splines yet: call fit(validation) first.")
        return self.fit_

    def parameters(self) -> dict[str, Any]:
        """Return the arguments, the temperature and the splines."""
        return {
            "knots": self.knots,
            "shrinkage": self.shrinkage,
            "temperature": self.temperature_,
            "curves": encode_curves(self.curves_),
        }

    def describe(self) -> str:
        """Say how many splines there are, and what they start from."""
        knots = sum(len(curve.knots) for curve in self.curves_)
        splines = f"{len(self.curves_)} natural cubic spline(s) of the log-odds"
        return f"spline calibration: {knots} knots on {splines} at T = {self.temperature_:.4f}"

    @property
    def free_parameters(self) -> int:
        """Numbers that the fit was free to choose."""
        return sum(len(curve.knots) for curve in self.curves_)

    def _fit_table(self, table: Table) -> float:
        scaling = fit_temperature(table)
        self.temperature_ = 1.0 if scaling.bound == "lower" else scaling.temperature
        problems: Derived[Problems] = table.derived(partial(class_problems, scores=self._log_odds))
        self.fit_ = fit_pooled(
            problems,
            len(problem_classes(table.k)),
            lambda tally, index: fit_spline(tally, self.knots, self.shrinkage),
            method=self.method,
        )
        return self._loss_over(table)

    def _log_odds(self, predictions: Predictions) -> Floats:
        return tempered_log_odds(predictions.logits(), self.temperature_)

    def _is_fitted(self) -> bool:
        return self.fit_ is not None

    def _transform(self, predictions: Predictions) -> Predictions:
        curves = self.curves_
        check_problem_count(len(curves), predictions.k)
        columns = class_columns(self._log_odds(predictions))
        read_columns(curves, columns, _read)
        if predictions.k == 2:
            # Not 1 - σ(f), which is 0 long before σ(-f) is.
            return predictions.with_scores(expit(columns[0][:, None] * [-1.0, 1.0]), "probs")
        probs = expit(columns)
        return predictions.with_scores(whole_rows(probs, probs.T), "probs")

    def _restore(self, parameters: Mapping[str, Any]) -> None:
        self.knots = check_count("knots", parameters.get("knots"), least=2)
        self.shrinkage = _check_shrinkage(parameters.get("shrinkage"))
        temperature = number(parameters, "temperature", above=0.0)
        assert temperature is not None
        self.temperature_ = temperature
        self.fit_ = decode_curves(parameters, "curves", lowest=-math.inf, highest=math.inf, least=2)


def _read(curve: Curve, scores: Floats) -> Floats:
    return np.clip(spline_value(curve.knots, curve.values, scores), -LARGEST_LOG_ODDS, LARGEST_LOG_ODDS)


def _check_shrinkage(shrinkage: Any) -> float:
    if check_amount("shrinkage", shrinkage) == 0:
        raise InvalidArgument("shrinkage must be above 0: without it a class without rows has no finite fit.")
    return float(shrinkage)
