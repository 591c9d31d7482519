"""Counts per score: how much weight stands at each distinct score, and how much of it is positive.

It is the whole of what binning, isotonic and Venn-Abers fits need to know of the rows, and it is a sum.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from calibrant._typing import Booleans, Floats, Integers

_ROUNDING = 1e-12

_BITS_OF_TWO = 1 << 62
"""2.0 as a whole number: those of lesser numbers from 0 up are in their order, and leave the top bit free."""


@dataclass(frozen=True, eq=False)
class ScoreTally:
    """Rows of one score each, summed up at every distinct score.

    Attributes
    ----------
    scores : float64 array, (m,)
        The distinct scores, ascending.
    weight : float64 array, (m,)
        Weight of the rows at each score, above 0.
    positives : float64 array, (m,)
        Weight of the positive rows at each score.

    Examples
    --------
    >>> tally = ScoreTally.of(np.array([0.8, 0.2, 0.8]), np.array([True, False, False]))
    >>> tally.scores.tolist(), tally.weight.tolist(), tally.positives.tolist()
    ([0.2, 0.8], [1.0, 2.0], [0.0, 1.0])
    """

    scores: Floats
    weight: Floats
    positives: Floats

    @classmethod
    def of(cls, scores: Floats, positive: Booleans, weight: Floats | None = None) -> ScoreTally:
        """Count rows; `weight` None means 1 for each, and rows of weight 0 leave no trace."""
        if len(scores) == 0:
            return _EMPTY
        if weight is not None:
            return _summed(scores, weight, np.where(positive, weight, 0.0))
        bits = np.ascontiguousarray(scores).view(np.int64)
        if bits.min() >= 0 and bits.max() < _BITS_OF_TWO:
            return _counted(bits, positive)
        return _summed(scores, np.ones(len(scores)), positive.astype(np.float64))

    @property
    def negatives(self) -> Floats:
        """Weight of the other rows at each score."""
        return self.weight - self.positives

    def __len__(self) -> int:
        """Return how many distinct scores there are."""
        return len(self.scores)

    @classmethod
    def merged(cls, tallies: Sequence[ScoreTally]) -> ScoreTally:
        """Return the tally of all sets of rows."""
        columns = ([getattr(tally, name) for tally in tallies] for name in ("scores", "weight", "positives"))
        return _summed(*map(np.concatenate, columns))

    def equal_mass_ends(self, bins: int) -> Integers:
        """Return the index of the last score of each of at most `bins` bins of equal weight.

        Bin j ends at the smallest score whose cumulative weight reaches jW/m; equal ends are merged, so
        that ties are never split.
        """
        cumulative = np.cumsum(self.weight)
        # A target a rounding above a cumulative weight that it equals counts as reached.
        reached = np.floor(cumulative / (cumulative[-1] / bins * (1 - _ROUNDING)))
        return np.flatnonzero(np.diff(reached, prepend=0.0) > 0)

    @staticmethod
    def in_bins(sums: Floats, ends: Integers) -> Floats:
        """Return what sums per score come to in consecutive bins, given the last index of each."""
        return np.diff(np.cumsum(sums)[ends], prepend=0.0)


def _counted(bits: Integers, positive: Booleans) -> ScoreTally:
    """Count rows of scores in 0..2: score and outcome are sorted as one whole number."""
    keys = (bits << 1) | positive
    keys.sort()
    ordered = keys >> 1
    starts = np.flatnonzero(np.diff(ordered, prepend=-1))
    return ScoreTally(
        ordered[starts].view(np.float64),
        np.diff(starts, append=len(keys)).astype(np.float64),
        np.add.reduceat(keys & 1, starts).astype(np.float64),
    )


def _summed(scores: Floats, weight: Floats, positives: Floats) -> ScoreTally:
    counted = weight > 0
    if not counted.all():
        scores, weight, positives = scores[counted], weight[counted], positives[counted]
    order = np.argsort(scores)
    ordered = scores[order]
    starts = np.flatnonzero(np.diff(ordered, prepend=-np.inf) > 0)
    if len(starts) == 0:
        return _EMPTY
    return ScoreTally(
        ordered[starts], np.add.reduceat(weight[order], starts), np.add.reduceat(positives[order], starts)
    )


_EMPTY = ScoreTally(np.zeros(0), np.zeros(0), np.zeros(0))
