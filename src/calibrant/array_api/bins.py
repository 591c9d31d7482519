"""Equal-width bins (lo, hi], the first closed at 0, by comparison with their edges j/m.

Counting by comparison needs no array that is written to, so every library can do it.
"""

from __future__ import annotations

from typing import Any

import numpy as np

from calibrant._typing import Floats
from calibrant.errors import InvalidArgument
from calibrant.metrics.convention import Norm

SUMS = 3
"""Weight, weighted confidence, weighted outcomes."""


def check_bins(bins: int) -> int:
    """Return the number of bins, or raise `InvalidArgument`."""
    if not isinstance(bins, int | np.integer) or isinstance(bins, bool) or bins < 1:
        raise InvalidArgument(f"bins must be a whole number, at least 1; got {bins!r}.")
    return int(bins)


def bin_sums(xp: Any, values: Any, happened: Any, weight: Any, bins: int) -> Any:
    """Return SUMS numbers of each bin of each column, flattened from (bins, SUMS, c).

    Parameters
    ----------
    xp : module
        The array library.
    values : array, (b, c)
        Probabilities.
    happened : bool array, (b, c)
        Whether what they are probabilities of came true.
    weight : array, (b,)
        Weight of each row.
    bins : int
        Number m of bins.
    """
    sums = []
    for j in range(bins):
        inside = values <= (j + 1) / bins
        if j > 0:
            inside = inside & (values > j / bins)
        share = xp.where(inside, weight[:, None], 0.0)
        columns = (share, share * values, xp.where(happened, share, 0.0))
        sums += [xp.sum(column, axis=0) for column in columns]
    return xp.concat(sums)


def binned_error(sums: Floats, bins: int, norm: Norm) -> Floats:
    """Return the calibration error (c,) of each column of what `bin_sums` returned.

    With n_b, acc_b, conf_b the weight, accuracy and mean confidence of bin b: "l1" is
    Σ (n_b/n)|acc_b - conf_b|, "l2" is sqrt(Σ (n_b/n)(acc_b - conf_b)²), "max" the largest of a bin that is
    not empty (Guo et al. 2017, eqs. 3 and 5).

    Raises
    ------
    InvalidArgument
        There is no such norm.

    Examples
    --------
    >>> values, happened = np.array([[0.95], [1.0]]), np.array([[True], [False]])
    >>> binned_error(bin_sums(np, values, happened, np.ones(2), 10), 10, "l1").round(6).tolist()
    [0.475]
    """
    weight, confidence, outcomes = np.moveaxis(sums.reshape(bins, SUMS, -1), 1, 0)
    share = weight / weight.sum(axis=0)
    gap = np.abs(outcomes - confidence) / np.where(weight > 0, weight, 1.0)
    if norm == "l1":
        errors: Floats = (share * gap).sum(axis=0)
    elif norm == "l2":
        errors = np.sqrt((share * gap**2).sum(axis=0))
    elif norm == "max":
        errors = gap.max(axis=0)
    else:
        raise InvalidArgument(f"norm must be one of l1, l2, max; got {norm!r}.")
    return errors
