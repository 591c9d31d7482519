"""Targets and weights as scikit-learn's users pass them, checked, and numbered as calibrators need them.

Labels may be of any type that sorts; class j is the j-th of the sorted labels.
"""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray
from sklearn.utils.multiclass import check_classification_targets
from sklearn.utils.validation import column_or_1d

from calibrant._typing import Floats, Integers
from calibrant.errors import EmptyPredictions, InvalidArgument, InvalidPredictions
from calibrant.predictions.checks import check_sample_weight


def check_targets(y: Any) -> NDArray[Any]:
    """Return the labels as an array (n,), or raise `ValueError` for what no classifier can learn."""
    if y is None:
        raise InvalidPredictions("calibration requires y to be passed, but the target y is None.")
    targets: NDArray[Any] = column_or_1d(y, warn=True)
    check_classification_targets(targets)
    return targets


def check_weight(sample_weight: Any, rows: int) -> Floats | None:
    """Return the weights as float64 (n,), or raise `InvalidPredictions`.

    Examples
    --------
    >>> check_weight([1, 2], 2)
    array([1., 2.])
    """
    if sample_weight is None:
        return None
    weight = np.asarray(sample_weight)
    if weight.size and not weight.any():
        raise EmptyPredictions("sample_weight is zero on every row, so there is nothing to fit on.")
    return check_sample_weight(weight, rows)


def check_sorted_classes(classes: Any) -> NDArray[Any]:
    """Return classes that a caller named, in ascending order as scikit-learn's scorers rely on.

    Raises
    ------
    InvalidArgument
        They are not ascending, or one stands twice.

    Examples
    --------
    >>> check_sorted_classes(["ham", "spam"]).tolist()
    ['ham', 'spam']
    """
    named: NDArray[Any] = column_or_1d(classes)
    if not np.array_equal(named, np.unique(named)):
        raise InvalidArgument(
            f"classes must ascend, each once; got {named[:5].tolist()}. Sort them, and the columns with them."
        )
    return named


def encode(targets: NDArray[Any], classes: NDArray[Any]) -> Integers:
    """Return the place of every label among the sorted classes, int64 (n,).

    Raises
    ------
    InvalidPredictions
        A label is not among them.

    Examples
    --------
    >>> encode(np.array(["spam", "ham"]), np.array(["ham", "spam"])).tolist()
    [1, 0]
    """
    unknown = ~np.isin(targets, classes)
    if unknown.any():
        row = int(np.argmax(unknown))
        raise InvalidPredictions(
            f"y holds {targets.tolist()[row]!r} at row {row}, which is not among the classes "
            f"{classes[:5].tolist()}."
        )
    return np.searchsorted(classes, targets).astype(np.int64)
