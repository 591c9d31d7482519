"""Equal-mass bins of binary problems, and what stands in each: labels, or scores.

Of rows in one part the scores are sorted; of rows in several, the bins' ends are found by refining passes.
Choosing the number of bins, and averaging over numbers of bins, is left to the calibrators.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import partial

import numpy as np

from calibrant._typing import Floats
from calibrant.calibrators.binary_problem import Problems
from calibrant.calibrators.curves import Curve
from calibrant.calibrators.pooled_fits import fit_pooled
from calibrant.calibrators.smoothing import smoothed_share
from calibrant.calibrators.tally import ScoreTally
from calibrant.engine import Engine
from calibrant.kernels.layout import weight_for_kernels
from calibrant.metrics.quantiles import equal_mass_ends, look_at
from calibrant.predictions import Derived


@dataclass(frozen=True, eq=False, slots=True)
class BinSums:
    """Bins of one problem.

    Attributes
    ----------
    ends : float64 array, (m,)
        Their upper ends, ascending; none for a problem without weight.
    weight, positives, moments : float64 array, (m,)
        Weight of the rows, of the positive ones, and sum of the scores times their weights.
    """

    ends: Floats
    weight: Floats
    positives: Floats
    moments: Floats

    def shares(self, prior: float, smoothing: float) -> Curve:
        """Return the smoothed share of positive rows in each bin."""
        return Curve(self.ends, smoothed_share(self.positives, self.weight, prior, smoothing))

    def means(self, prior: float, smoothing: float) -> Curve:
        """Return the smoothed mean score of each bin; labels only enter the prior."""
        return Curve(self.ends, smoothed_share(self.moments, self.weight, prior, smoothing))


def equal_mass_bins(
    problems: Derived[Problems], counts: Sequence[int], *, method: str
) -> tuple[BinSums, ...]:
    """Return at most as many bins of equal weight as asked for, for each problem; ties are never split.

    Parameters
    ----------
    problems : Derived of Problems
        Those of every part.
    counts : sequence of int
        Most bins of each problem.
    method : str
        Whose bins they are, for errors.
    """
    if len(problems.sources) == 1:
        return fit_pooled(
            problems, len(counts), lambda tally, index: bins_of(tally, counts[index]), method=method
        )
    look = look_at(problems, _column, len(counts))
    ends = equal_mass_ends(problems, _column, look, counts)
    sums = np.split(problems.total(partial(_sums, ends=ends)), np.cumsum([len(each) for each in ends])[:-1])
    return tuple(BinSums(each, *columns.T) for each, columns in zip(ends, sums, strict=True))


def bins_of(tally: ScoreTally, count: int) -> BinSums:
    """Return at most `count` bins of equal weight."""
    if len(tally) == 0:
        return BinSums(*[np.empty(0)] * 4)
    ends = tally.equal_mass_ends(count)
    sums = (tally.weight, tally.positives, tally.weight * tally.scores)
    return BinSums(tally.scores[ends], *(tally.in_bins(each, ends) for each in sums))


def _column(problems: Problems, index: int) -> tuple[Floats, Floats]:
    problem = problems.problem(index)
    return problem.scores, weight_for_kernels(problem.weight)


def _sums(problems: Problems, engine: Engine, *, ends: Sequence[Floats]) -> Floats:
    """Return the three sums of every bin, those of one problem after the other, (bins, 3)."""
    return np.concatenate([_problem_sums(problems, index, each) for index, each in enumerate(ends)])


def _problem_sums(problems: Problems, index: int, ends: Floats) -> Floats:
    if len(ends) == 0:
        return np.empty((0, 3))
    problem = problems.problem(index)
    at = np.searchsorted(ends[:-1], problem.scores, side="left")
    weight = np.ones(len(problem.scores)) if problem.weight is None else problem.weight
    columns = (weight, weight * problem.positive, weight * problem.scores)
    return np.stack([np.bincount(at, column, len(ends)) for column in columns], axis=1)
