"""Equal-mass bins of one binary problem, and what stands in each: labels, or scores.

Choosing the number of bins, and averaging over numbers of bins, is left to the calibrators.
"""

from __future__ import annotations

from calibrant.calibrators.binary_problem import BinaryProblem
from calibrant.calibrators.curves import Curve
from calibrant.calibrators.smoothing import smoothed_share


def equal_mass_bins(problem: BinaryProblem, bins: int, smoothing: float) -> Curve:
    """Return the smoothed share of positive rows in at most `bins` bins of equal weight."""
    tally = problem.tally()
    ends = tally.equal_mass_ends(bins)
    weight = tally.in_bins(tally.weight, ends)
    positives = tally.in_bins(tally.positives, ends)
    return Curve(tally.scores[ends], smoothed_share(positives, weight, problem.prior, smoothing))


def equal_mass_means(problem: BinaryProblem, bins: int, smoothing: float) -> Curve:
    """Return the smoothed mean score in at most `bins` bins of equal weight; labels only enter the prior."""
    tally = problem.tally()
    ends = tally.equal_mass_ends(bins)
    weight = tally.in_bins(tally.weight, ends)
    total = tally.in_bins(tally.weight * tally.scores, ends)
    return Curve(tally.scores[ends], smoothed_share(total, weight, problem.prior, smoothing))
