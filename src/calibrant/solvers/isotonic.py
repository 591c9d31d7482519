"""Isotonic regression: the non-decreasing sequence nearest to given shares, by pooling adjacent violators.

It sees sums at ascending scores, never rows, and says nothing of what lies between the scores.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from scipy.optimize import isotonic_regression

from calibrant._typing import Floats, Integers

_ROUNDING = 1e-12


@dataclass(frozen=True, eq=False)
class IsotonicBlocks:
    """Runs of neighbours that share one fitted value.

    Attributes
    ----------
    first, last : int64 array, (b,)
        Indices of the first and last element of each run.
    values : float64 array, (b,)
        Fitted value of each run, not decreasing.
    """

    first: Integers
    last: Integers
    values: Floats


def isotonic_blocks(positives: Floats, weight: Floats) -> IsotonicBlocks:
    """Minimise Σ weight·(value - positives/weight)² over non-decreasing values, in O(m).

    The minimiser is that of the log-loss too (Robertson, Wright & Dykstra, Order Restricted Statistical
    Inference, 1988, chapter 1). Pooling is SciPy's; the values are formed anew from the sums of each
    run, so that whole numbers of rows give the correctly rounded shares however the rows were cut.

    Parameters
    ----------
    positives, weight : float64 array, (m,)
        Sums at ascending scores, 0 ≤ positives ≤ weight, weight > 0.

    Examples
    --------
    >>> isotonic_blocks(np.array([0.0, 1.0, 0.0, 1.0]), np.ones(4)).values.tolist()
    [0.0, 0.5, 1.0]
    """
    last: Integers = isotonic_regression(positives / weight, weights=weight).blocks[1:].astype(np.int64) - 1
    total, count = np.cumsum(positives), np.cumsum(weight)
    share = _shares(total[last], count[last])
    # Runs that agree but for rounding are one, whatever the order in which SciPy pooled them.
    last = last[np.append(np.diff(share) > _ROUNDING, True)]
    share = np.clip(np.maximum.accumulate(_shares(total[last], count[last])), 0.0, 1.0)
    return IsotonicBlocks(np.append(0, last[:-1] + 1), last, share)


def _shares(positives: Floats, weight: Floats) -> Floats:
    """Return the share of positives in each run, from cumulative sums."""
    shares: Floats = np.diff(positives, prepend=0.0) / np.diff(weight, prepend=0.0)
    return shares
