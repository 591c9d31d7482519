"""Which of very many groups are tested, so that the simulated outcomes stay within a bound.

Holm's correction asks for p-values as small as the groups are many, and so for as many sets of outcomes.
"""

from __future__ import annotations

import numpy as np

from calibrant._typing import Booleans, Floats
from calibrant.analysis.kuiper_test import ENOUGH_VARIANCE

DRAWS_PER_GROUP = 40
MOST_SIMULATED = 2_000_000_000
"""Outcomes that are drawn at most, if every group is miscalibrated: draws times rows, over all groups."""


def groups_tested(
    rows: Floats, variance: Floats, draws_per_group: int = DRAWS_PER_GROUP, most: int = MOST_SIMULATED
) -> Booleans:
    """Return which groups are tested: all of them, or the largest where testing all would draw too much.

    Parameters
    ----------
    rows : float64 array, (g,)
        Rows of each group that could be tested; 0 of those that could not.
    variance : float64 array, (g,)
        Σ w p(1 - p) of each; groups that have enough are tested without simulation.
    draws_per_group : int
        Sets of outcomes drawn for a group, for each group that is tested.
    most : int
        Outcomes.

    Examples
    --------
    >>> import numpy as np
    >>> groups_tested(np.array([50.0, 0.0, 70.0, 60.0]), np.ones(4), most=12_000).tolist()
    [False, False, True, True]
    """
    largest_first = np.argsort(-rows, kind="stable")
    largest_first = largest_first[rows[largest_first] > 0]
    simulated = np.where(variance < ENOUGH_VARIANCE, rows, 0.0)[largest_first].cumsum()
    drawn = draws_per_group * np.arange(1, len(largest_first) + 1) * simulated
    tested = np.zeros(len(rows), dtype=np.bool_)
    tested[largest_first[drawn <= most]] = True
    return tested
