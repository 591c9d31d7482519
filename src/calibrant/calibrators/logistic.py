"""One logistic regression a class, on features of the class's log-odds: what Platt, beta and quadratic share.

Which features, and which signs their coefficients may take, is each method's own business.
"""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import dataclass

import numpy as np

from calibrant._typing import Booleans, Floats
from calibrant.calibrators.anchor import ABSENT_RIDGE, RIDGE, STEEPEST, Anchor, anchor_of, refuse_masked
from calibrant.calibrators.class_problems import check_problem_count
from calibrant.calibrators.log_odds import LogOdds, normalised_probs
from calibrant.calibrators.logistic_fit import LogisticFit
from calibrant.calibrators.logistic_loss import LogisticLoss
from calibrant.engine import Engine
from calibrant.kernels.layout import weight_for_kernels
from calibrant.predictions import Predictions, Table
from calibrant.solvers import minimise_newton

Features = Callable[[Floats, int], Floats]
"""`features(log_odds, problem)`: (n,) to (n, m), for the class in place `problem`; the last column is 1."""

Targets = Callable[[Booleans, Floats], Floats]
"""`targets(positive, weight)`: what the regression aims at in each row, in 0..1."""


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
    anchor = anchor_of(Table.whole(predictions, engine))
    weight = weight_for_kernels(predictions.sample_weight)
    counted = np.ones(predictions.n) if predictions.sample_weight is None else predictions.sample_weight
    bounds = np.append(np.full(slopes, lower), -np.inf)
    coefficients = np.empty((len(log_odds.classes), slopes + 1))
    unbounded = []
    for problem, label in enumerate(log_odds.classes):
        columns = features(log_odds.of(label), problem)
        tie = _tie(columns, features(np.array([_alike(predictions.k)]), problem)[0], counted, anchor)
        centre = np.append(np.full(slopes, tie.slope), _alike(predictions.k))
        positive = predictions.labels == label
        strength = RIDGE if 0 < np.average(positive, weights=counted) < 1 else ABSENT_RIDGE
        aims = targets(positive, counted)
        loss = LogisticLoss(columns - tie.origin, aims, weight, strength * tie.squares, centre, engine)
        found = minimise_newton(loss.at, start=centre, lower=bounds, upper=np.full(slopes + 1, np.inf))
        coefficients[problem] = found.x
        coefficients[problem, -1] -= found.x @ tie.origin
        if loss.sums(found.x)[2] == 0:
            unbounded.append(label)
    return LogisticFit(coefficients, tuple(unbounded))


@dataclass(frozen=True, eq=False, slots=True)
class _Tie:
    """Where the columns are measured from, the slope they are tied to, and their mean squares."""

    origin: Floats
    slope: float
    squares: Floats


def _tie(columns: Floats, alike: Floats, counted: Floats, anchor: Anchor) -> _Tie:
    """Tie a problem to the line of temperature scaling through the row whose classes are all alike.

    Where scores are so nearly constant that a slope that tells them apart would lose the intercept to
    rounding, the slope is 1 and the ridge, in units of whole columns, keeps it there: the intercept learns.
    """
    origin = np.append(alike[:-1], 0.0)
    moved = columns - origin
    spread = math.sqrt(np.average(moved[:, :-1].sum(axis=1) ** 2, weights=counted))
    if np.abs(origin).max() > STEEPEST * min(anchor.temperature, spread):
        return _Tie(origin, 1.0, np.average(columns**2, axis=0, weights=counted))
    return _Tie(origin, 1 / anchor.temperature, np.average(moved**2, axis=0, weights=counted))


def _alike(k: int) -> float:
    """Return the log-odds of a class in a row whose k classes have equal probability."""
    return -math.log(k - 1)


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
    check_problem_count(len(coefficients), predictions.k)
    log_odds = LogOdds(predictions, engine)
    scores = np.empty((predictions.n, len(coefficients)))
    for problem, label in enumerate(log_odds.classes):
        scores[:, problem] = features(log_odds.of(label), problem) @ coefficients[problem]
    return normalised_probs(scores)


def label_targets(positive: Booleans, weight: Floats) -> Floats:
    """Return 1 for rows of the class and 0 for the others."""
    return positive.astype(np.float64)
