"""One logistic regression a class, on features of the class's log-odds: what Platt, beta and quadratic share.

Which features, and which signs their coefficients may take, is each method's own business.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np

from calibrant._typing import Booleans, Floats
from calibrant.calibrators import document
from calibrant.calibrators.anchor import ABSENT_RIDGE, RIDGE, anchor_of, refuse_masked
from calibrant.calibrators.log_odds import LogOdds, whole_rows
from calibrant.engine import Engine
from calibrant.errors import IncompatiblePredictions, UnreadableFile
from calibrant.kernels.layout import weight_for_kernels
from calibrant.kernels.logistic import LOGISTIC_HEAD, logistic_sums
from calibrant.predictions import Predictions
from calibrant.solvers import Quadratic, minimise_newton

Features = Callable[[Floats, int], Floats]
"""`features(log_odds, problem)`: (n,) to (n, m), for the class in place `problem`; the last column is 1."""

Targets = Callable[[Booleans, Floats], Floats]
"""`targets(positive, weight)`: what the regression aims at in each row, in 0..1."""


@dataclass(frozen=True, eq=False, slots=True)
class LogisticFit:
    """Coefficients (problems, m), and the problems whose log-loss has no finite optimum."""

    coefficients: Floats
    unbounded: tuple[int, ...]


def fit_logistic(
    predictions: Predictions,
    log_odds: LogOdds,
    *,
    features: Features,
    slopes: int,
    lower: float,
    targets: Targets,
    engine: Engine,
) -> LogisticFit:
    """Fit every class's regression, each tied by the tiny ridge to temperature scaling.

    Parameters
    ----------
    predictions : Predictions
        n rows.
    log_odds : LogOdds
        Of these rows.
    features : callable
        The columns; the slopes' must add up to the log-odds where all slopes are 1.
    slopes : int
        How many columns before the last, the intercept's.
    lower : float
        Least value of a slope.
    targets : callable
        What the regression aims at.
    engine : Engine
        What runs the sums.
    """
    refuse_masked(predictions)
    anchor = anchor_of(predictions, engine)
    weight = weight_for_kernels(predictions.sample_weight)
    counted = np.ones(predictions.n) if predictions.sample_weight is None else predictions.sample_weight
    centre = np.append(np.full(slopes, 1 / anchor.temperature), 0.0)
    coefficients = np.empty((len(log_odds.classes), slopes + 1))
    unbounded = []
    for problem, label in enumerate(log_odds.classes):
        columns = features(log_odds.of(label), problem)
        positive = predictions.labels == label
        share = np.average(positive, weights=counted)
        strength = RIDGE if 0 < share < 1 else ABSENT_RIDGE
        ridge = strength * np.average(columns**2, axis=0, weights=counted)
        aims = targets(positive, counted)
        loss = _Loss(columns, aims, weight, ridge, centre, engine)
        bounds = np.append(np.full(slopes, lower), -np.inf)
        found = minimise_newton(loss.at, start=centre, lower=bounds, upper=np.full(slopes + 1, np.inf))
        coefficients[problem] = found.x
        if loss.sums(found.x)[2] == 0:
            unbounded.append(label)
    return LogisticFit(coefficients, tuple(unbounded))


def logistic_probs(
    predictions: Predictions, coefficients: Floats, *, features: Features, engine: Engine
) -> Floats:
    """Return float64 (n, k): each class's σ(coefficients · features), normalised over the row.

    Raises
    ------
    InvalidPredictions
        A logit is -inf.
    IncompatiblePredictions
        There are coefficients for another number of classes.
    """
    refuse_masked(predictions)
    log_odds = LogOdds(predictions, engine)
    if len(coefficients) != len(log_odds.classes):
        fitted = 2 if len(coefficients) == 1 else len(coefficients)
        raise IncompatiblePredictions(
            f"the calibrator was fitted on {fitted} classes; these rows have {predictions.k}."
        )
    scores = np.empty((predictions.n, len(coefficients)))
    for problem, label in enumerate(log_odds.classes):
        scores[:, problem] = features(log_odds.of(label), problem) @ coefficients[problem]
    return whole_rows(scores)


def label_targets(positive: Booleans, weight: Floats) -> Floats:
    """Return 1 for rows of the class and 0 for the others."""
    return positive.astype(np.float64)


def encode_logistic(fit: LogisticFit) -> dict[str, Any]:
    """Return the fit as JSON values."""
    return {"coefficients": document.encode_array(fit.coefficients), "unbounded": list(fit.unbounded)}


def decode_logistic(parameters: Mapping[str, Any], *, slopes: int) -> LogisticFit:
    """Return the fit that `encode_logistic` left, or raise `UnreadableFile`."""
    coefficients = document.decode_array(parameters, "coefficients", shape=(None, slopes + 1))
    if len(coefficients) in (0, 2):
        raise UnreadableFile("'coefficients' must have one row for two classes, else one for each.")
    labels = range(max(2, len(coefficients)))
    unbounded = parameters.get("unbounded")
    if not isinstance(unbounded, list) or not all(type(c) is int and c in labels for c in unbounded):
        raise UnreadableFile(f"'unbounded' must be a list of classes below {len(labels)}; got {unbounded!r}.")
    return LogisticFit(coefficients, tuple(unbounded))


def unbounded_note(fit: LogisticFit) -> str:
    """Return what a description adds where classes are absent or separable."""
    if not fit.unbounded:
        return ""
    which = "the only problem" if len(fit.coefficients) == 1 else f"{len(fit.unbounded)} classes"
    return f"; only the ridge keeps {which} finite (absent or separable)"


@dataclass(frozen=True, eq=False, slots=True)
class _Loss:
    """Mean log-loss + ridge · (θ - centre)² / 2 over the summed weight."""

    columns: Floats
    targets: Floats
    weight: Floats
    ridge: Floats
    centre: Floats
    engine: Engine

    def sums(self, coefficients: Floats) -> Floats:
        n, m = self.columns.shape
        return self.engine.sum_rows(
            lambda start, stop, out: logistic_sums(
                start, stop, self.columns, self.targets, self.weight, coefficients, out
            ),
            n,
            m,
            LOGISTIC_HEAD + m + m * m,
        )

    def at(self, coefficients: Floats) -> Quadratic:
        m = len(coefficients)
        sums = self.sums(coefficients)
        change = coefficients - self.centre
        weight = sums[0]
        return Quadratic(
            float(sums[1] + self.ridge @ (change * change) / 2) / weight,
            (sums[LOGISTIC_HEAD : LOGISTIC_HEAD + m] + self.ridge * change) / weight,
            (sums[LOGISTIC_HEAD + m :].reshape(m, m) + np.diag(self.ridge)) / weight,
        )
