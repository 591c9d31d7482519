"""One logistic regression a class, on features of the class's log-odds: what Platt, beta and quadratic share.

Which features, and which signs their coefficients may take, is each method's own business.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import partial

import numpy as np

from calibrant._typing import Floats
from calibrant.calibrators.anchor import (
    ABSENT_RIDGE,
    RIDGE,
    STEEPEST,
    Anchor,
    anchor_of,
    refuse_masked,
    refuse_masked_parts,
)
from calibrant.calibrators.class_problems import check_problem_count, problem_classes
from calibrant.calibrators.log_odds import LogOdds, normalised_probs
from calibrant.calibrators.logistic_columns import (
    LOOK_HEAD,
    Features,
    aimed,
    alike,
    columns_of,
    looks,
    origin_of,
    whole_squares,
)
from calibrant.calibrators.logistic_fit import LogisticFit
from calibrant.calibrators.logistic_loss import LogisticLoss, LogisticRows
from calibrant.engine import Engine
from calibrant.predictions import Derived, Predictions, Table
from calibrant.solvers import Quadratic, minimise_newton_together

Targets = Callable[[float, float], tuple[float, float]]
"""`targets(positives, negatives)`: what the regression aims at in rows of the class and in the others, 0..1,
given the weight of both."""


def fit_logistic(
    table: Table,
    log_odds: Derived[LogOdds],
    *,
    features: Features,
    slopes: int,
    lower: float,
    targets: Targets,
) -> LogisticFit:
    """Fit every class's regression, each tied by the tiny ridge to temperature scaling.

    In memory one class is fitted after the other; elsewhere every reading of the rows serves all classes.

    Parameters
    ----------
    table : Table
        n rows.
    log_odds : Derived of LogOdds
        Of these rows.
    features : callable
        The columns; the slopes' must add up to the log-odds where all slopes are 1.
    slopes : int
        How many columns before the last, the intercept's.
    lower : float
        Least value of a slope.
    targets : callable
        What the regression aims at.
    """
    refuse_masked_parts(table)
    anchor = anchor_of(table)
    bounds = np.append(np.full(slopes, lower), -np.inf)
    problems = tuple(range(len(problem_classes(table.k))))
    groups = [(problem,) for problem in problems] if log_odds.in_memory else [problems]
    coefficients, unbounded = [], []
    for group in groups:
        columns = log_odds.derived(partial(columns_of, problems=group, features=features))
        origins = [origin_of(features, problem, table.k) for problem in group]
        found = columns.total(looks)
        ties = [_tie(*each, anchor) for each in zip(found, origins, strict=True)]
        if any(tie.is_constant for tie in ties):
            squares = columns.total(whole_squares)
            ties = [tie.of_whole(*each) for tie, *each in zip(ties, found, squares, strict=True)]
        losses = [LogisticLoss(tie.ridge, np.append(tie.slopes, alike(table.k))) for tie in ties]
        aims = [targets(positives, weight - positives) for weight, positives in found[:, :2].tolist()]
        fit = _fitted(columns.derived(partial(aimed, aims=aims)), losses, bounds)
        coefficients += [
            np.append(x[:-1], x[-1] - x @ origin) for x, origin in zip(fit.x, origins, strict=True)
        ]
        unbounded += fit.without_wrong
    classes = problem_classes(table.k)
    return LogisticFit(
        np.stack(coefficients), tuple(label for label, yes in zip(classes, unbounded, strict=True) if yes)
    )


@dataclass(frozen=True, eq=False, slots=True)
class _Fitted:
    """The coefficients of several classes, and whether no row of them is on the wrong side."""

    x: list[Floats]
    without_wrong: list[bool]


def _fitted(
    rows: Derived[tuple[LogisticRows, ...]], losses: Sequence[LogisticLoss], lower: Floats
) -> _Fitted:
    def at(points: Mapping[int, Floats]) -> dict[int, Quadratic]:
        sums = rows.total(partial(_sums, points=points))
        each = zip(points.items(), sums, strict=True)
        return {number: losses[number].at(point, total) for (number, point), total in each}

    found = minimise_newton_together(
        at, starts=[loss.centre for loss in losses], lower=lower, upper=np.full(len(lower), np.inf)
    )
    x = [minimum.x for minimum in found]
    wrong = rows.total(partial(_sums, points=dict(enumerate(x))))[:, 2]
    return _Fitted(x, (wrong == 0).tolist())


def _sums(rows: Sequence[LogisticRows], engine: Engine, *, points: Mapping[int, Floats]) -> Floats:
    """Return the sums of the loss of each class at its point, (points, width)."""
    return np.stack([rows[number].sums(engine, point) for number, point in points.items()])


@dataclass(frozen=True, eq=False, slots=True)
class _Tie:
    """How a problem is tied to the line of temperature scaling through the row whose classes are all alike.

    Where scores are so nearly constant that a slope that tells them apart would lose the intercept to
    rounding, the slope is 1 and the ridge, in units of whole columns, keeps it there: the intercept learns.
    """

    ridge: Floats
    slopes: Floats
    is_constant: bool

    def of_whole(self, look: Floats, squares: Floats) -> _Tie:
        """Return the tie in units of whole columns where scores are nearly constant, else this one."""
        if not self.is_constant:
            return self
        return _Tie(_strength(look) * (squares / look[0]), np.ones_like(self.slopes), True)


def _tie(look: Floats, origin: Floats, anchor: Anchor) -> _Tie:
    weight, _, spread = look[:LOOK_HEAD]
    ridge = _strength(look) * (look[LOOK_HEAD:] / weight)
    steepest = STEEPEST * min(anchor.temperature, math.sqrt(spread / weight))
    slopes = np.full(len(ridge) - 1, 1 / anchor.temperature)
    return _Tie(ridge, slopes, bool(np.abs(origin).max() > steepest))


def _strength(look: Floats) -> float:
    weight, positives = look[:2]
    return RIDGE if 0 < positives / weight < 1 else ABSENT_RIDGE


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


def label_targets(positives: float, negatives: float) -> tuple[float, float]:
    """Return 1 for rows of the class and 0 for the others."""
    return 1.0, 0.0
