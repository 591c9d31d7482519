"""Pseudo-rows: what keeps a bin without positives from saying that a class is impossible.

Only shares are smoothed here; where the pseudo-rows go is each calibrator's own business.
"""

from __future__ import annotations

import numpy as np

from calibrant._typing import Floats
from calibrant.predictions.scored_rows import SMALLEST_PROBABILITY

_BELOW_ONE = float(np.nextafter(1.0, 0.0))


def class_priors(weights: Floats) -> Floats:
    """Return the share of each class, given the weight of its labels, with one row more of each.

    That is (w_c + 1) / (W + k).

    Examples
    --------
    >>> class_priors(np.array([0.0, 2.0])).tolist()
    [0.25, 0.75]
    """
    shares: Floats = (weights + 1) / (weights.sum() + len(weights))
    return shares


def smoothed_share(positives: Floats, weight: Floats, prior: Floats | float, smoothing: float) -> Floats:
    """Return (positives + α·prior) / (weight + α): α pseudo-rows, split as the prior says.

    With α = 1 and a prior of 1/2 this is the estimator of Krichevsky & Trofimov (IEEE Transactions on
    Information Theory 1981). Where there is no weight at all the share is the prior.

    Examples
    --------
    >>> smoothed_share(np.array([0.0, 1.0]), np.array([9.0, 1.0]), 0.5, 1.0).tolist()
    [0.05, 0.75]
    """
    total = weight + smoothing
    share = np.broadcast_to(np.asarray(prior, np.float64), weight.shape).copy()
    np.divide(positives + smoothing * share, total, out=share, where=total > 0)
    return inside(share, smoothing)


def inside(shares: Floats, smoothing: float) -> Floats:
    """Return shares that pseudo-rows, if there are any, keep off 0 and 1, even where rounding would not.

    Examples
    --------
    >>> inside(np.array([0.0, 0.5, 1.0]), 1.0)[1:].tolist(), inside(np.array([1.0]), 0.0).tolist()
    ([0.5, 0.9999999999999999], [1.0])
    """
    return np.clip(shares, SMALLEST_PROBABILITY, _BELOW_ONE) if smoothing > 0 else shares
