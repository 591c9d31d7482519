"""The logits of a fitted scikit-learn classifier, one column a class.

From its decision function where it has one, otherwise from its probabilities.
"""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import numpy as np
from numpy.typing import NDArray

from calibrant._typing import Kind, Scores
from calibrant.calibrators.base import Calibrator
from calibrant.errors import InvalidArgument
from calibrant.predictions import Predictions
from calibrant.predictions.checks import check_scores


def has_raw_scores(classifier: Any) -> bool:
    """Return whether the classifier is calibrated by its decision function, not its probabilities."""
    return hasattr(classifier, "decision_function")


def classifier_logits(estimator: Any, X: Any, classes: NDArray[Any]) -> Scores:
    """Return scores before softmax, (n, k), columns in the order of `classes`.

    A binary decision function z becomes (0, z); probabilities p become log max(p, 2⁻¹²⁶).

    Raises
    ------
    InvalidArgument
        The estimator knows other classes, has neither method, or gives another number of columns.

    Examples
    --------
    >>> from sklearn.linear_model import LogisticRegression
    >>> fitted = LogisticRegression().fit([[0.0], [1.0]], ["ham", "spam"])
    >>> classifier_logits(fitted, [[0.5]], fitted.classes_).shape
    (1, 2)
    """
    if not np.array_equal(estimator.classes_, classes):
        raise InvalidArgument(
            f"{type(estimator).__name__} knows the classes {estimator.classes_[:5].tolist()} of "
            f"{classes[:5].tolist()}. Every training fold must hold every class: use fewer folds."
        )
    if has_raw_scores(estimator):
        logits = check_scores(estimator.decision_function(X), "logits")
    elif hasattr(estimator, "predict_proba"):
        logits = logits_of_probs(estimator.predict_proba(X))
    else:
        raise InvalidArgument(
            f"{type(estimator).__name__} has neither decision_function nor predict_proba to calibrate."
        )
    if logits.shape[1] != len(classes):
        raise InvalidArgument(
            f"{type(estimator).__name__} gave {logits.shape[1]} columns for {len(classes)} classes; "
            "calibration needs one a class. For an SVC set decision_function_shape='ovr'."
        )
    return logits


def remember_kind(calibrator: Calibrator, kind: Kind) -> None:
    """Have a calibrator that was fitted on such logits know whether they are logarithms of probabilities."""
    if calibrator.fitted_on_ is not None:
        calibrator.fitted_on_ = replace(calibrator.fitted_on_, kind=kind)


def logits_of_probs(probs: Any) -> Scores:
    """Return log max(p, 2⁻¹²⁶) of probabilities (n, k), (n,) or (n, 1), checked.

    Examples
    --------
    >>> logits_of_probs([[0.5, 0.5]]).round(3)
    array([[-0.693, -0.693]])
    """
    return Predictions.from_probs(probs, np.zeros(len(probs), np.int64)).logits()
