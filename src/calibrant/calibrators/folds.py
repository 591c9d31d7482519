"""Cross-validation folds that depend on what the rows hold, not on their order.

Here rows are only dealt out; fitting on the folds is each calibrator's own business.
"""

from __future__ import annotations

import numpy as np

from calibrant._typing import Integers
from calibrant.calibrators.canonical import hashes_of
from calibrant.errors import InvalidArgument
from calibrant.predictions import Predictions


def fold_of(predictions: Predictions, folds: int) -> Integers:
    """Deal rows to folds, stratified by label, and say to which fold each row belongs.

    Distinct rows are taken label after label, each label's in the order of their hashes, and dealt in turn.
    Equal rows share a fold, so a row of weight 2 does what the row twice does; rows of weight 0 count for
    nothing. Sizes differ by at most one distinct row, in every class and altogether.

    Parameters
    ----------
    predictions : Predictions
        n rows.
    folds : int
        How many, at least 2. With fewer distinct rows than folds, the last folds are empty.

    Returns
    -------
    int64 array, (n,)
        The fold of each row, 0..folds-1.

    Raises
    ------
    InvalidArgument
        Fewer than two folds.

    Examples
    --------
    >>> rows = Predictions.from_logits([[2.0, 0.0], [1.0, 0.0], [2.0, 0.0], [0.0, 1.0]], [0, 0, 0, 1])
    >>> fold = fold_of(rows, 2)
    >>> bool(fold[0] == fold[2]), bool(fold[0] == fold[1])
    (True, False)
    """
    if folds < 2:
        raise InvalidArgument(f"cross-validation needs at least 2 folds; got {folds}.")
    hashes = hashes_of(predictions)
    order = np.lexsort((hashes, predictions.labels))
    labels, hashes = predictions.labels[order], hashes[order]
    starts = np.ones(predictions.n, np.bool_)
    starts[1:] = (labels[1:] != labels[:-1]) | (hashes[1:] != hashes[:-1])
    distinct = np.cumsum(starts) - 1
    if predictions.sample_weight is None:
        rank = distinct
    else:
        weight = np.bincount(distinct, weights=predictions.sample_weight[order])
        rank = np.maximum(np.cumsum(weight > 0) - 1, 0)[distinct]
    fold = np.empty(predictions.n, np.int64)
    fold[order] = rank % folds
    return fold
