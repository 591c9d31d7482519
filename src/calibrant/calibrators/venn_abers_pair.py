"""The Venn-Abers pair of one binary problem, as two step functions of the score.

Each comes from one sweep over the counts per score; the rows may calibrate in folds.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from calibrant._typing import Integers
from calibrant.calibrators.binary_problem import BinaryProblem
from calibrant.calibrators.curves import Curve, merged_steps, step
from calibrant.calibrators.tally import ScoreTally
from calibrant.kernels.venn_abers import upper_probabilities


@dataclass(frozen=True, eq=False)
class VennAbersPair:
    """The two curves of a problem.

    Attributes
    ----------
    upper : Curve
        p1 at a score, as steps.
    opposite : Curve
        1 - p0 at a score with its sign turned, as steps.
    """

    upper: Curve
    opposite: Curve


def fit_pair(tallies: Sequence[ScoreTally]) -> VennAbersPair:
    """Return the pair that counts per score give, or the geometric means over those of several folds.

    Examples
    --------
    >>> tally = ScoreTally.of(np.array([0.2, 0.8]), np.array([False, True]))
    >>> fit_pair([tally]).upper.values.tolist()
    [0.5, 1.0]
    """
    counted = [tally for tally in tallies if len(tally) > 0]
    return VennAbersPair(
        _geometric_mean([_upper(tally) for tally in counted]),
        _geometric_mean([_upper(_mirrored(tally)) for tally in counted]),
    )


def fold_tallies(problem: BinaryProblem, fold: Integers) -> list[ScoreTally]:
    """Return the counts per score of the rows of each fold."""
    weight = problem.weight
    return [
        ScoreTally.of(problem.scores[rows], problem.positive[rows], None if weight is None else weight[rows])
        for rows in (fold == index for index in range(int(fold.max()) + 1))
    ]


def _upper(tally: ScoreTally) -> Curve:
    """Return p1 as steps: between two scores that of the higher one, beyond the last 1."""
    knots = np.append(tally.scores, tally.scores[-1] + 1.0)
    values = np.append(upper_probabilities(tally.weight, tally.positives), 1.0)
    return merged_steps(Curve(knots, np.minimum(values, 1.0)))


def _mirrored(tally: ScoreTally) -> ScoreTally:
    """Return the tally of the opposite question: scores with their sign turned, negatives as positives."""
    return ScoreTally(-tally.scores[::-1], tally.weight[::-1].copy(), tally.negatives[::-1].copy())


def _geometric_mean(curves: list[Curve]) -> Curve:
    """Return the geometric mean of steps."""
    if len(curves) == 1:
        return curves[0]
    knots = np.unique(np.concatenate([curve.knots for curve in curves]))
    logs = [np.log(step(curve, knots)) for curve in curves]
    return merged_steps(Curve(knots, np.exp(np.mean(logs, axis=0))))
