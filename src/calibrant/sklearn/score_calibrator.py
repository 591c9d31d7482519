"""A calibrator as a scikit-learn classifier on bare scores: one column a class in, honest probabilities out.

It trains no model and makes no scores; `CalibratedClassifier` does both.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Literal, Self

import numpy as np
from numpy.typing import ArrayLike, NDArray
from sklearn.base import BaseEstimator, ClassifierMixin, TransformerMixin
from sklearn.utils.validation import check_is_fitted, validate_data

from calibrant._typing import Floats, Scores
from calibrant.calibrators.choices import check_choice
from calibrant.errors import InvalidPredictions
from calibrant.predictions.checks import check_scores
from calibrant.sklearn.logits import logits_of_probs, remember_kind
from calibrant.sklearn.methods import build_calibrator
from calibrant.sklearn.targets import check_sorted_classes, check_targets, check_weight, encode


class ScoreCalibrator(ClassifierMixin, TransformerMixin, BaseEstimator):
    """Turn scores into calibrated probabilities.

    Parameters
    ----------
    method : str, default="auto"
        Name of the calibration method, as in `calibrant.calibrators.CALIBRATORS`.
    method_params : dict, optional
        Arguments of the method, such as ``{"bins": 10}`` for "histogram"; the others keep their defaults.
    scores : {"logits", "probs"}, default="logits"
        What the columns of X are: scores before softmax, or probabilities. It is never guessed.
    classes : array-like, (k,), optional
        All labels, ascending, for when the fitting rows may lack one. By default those of y.

    Attributes
    ----------
    classes_ : array, (k,)
        The labels, ascending; column j of the scores belongs to ``classes_[j]``.
    calibrator_ : calibrant.Calibrator
        The fitted calibrator, which can be described, saved and applied without scikit-learn.
    n_features_in_ : int
        Columns of X.
    feature_names_in_ : array of str
        Names of those columns, where X has them.

    See Also
    --------
    CalibratedClassifier : Fits a classifier too, and calibrates its out-of-fold scores.

    Notes
    -----
    A binary problem may come as one column: the logit z of ``classes_[1]``, which means the logits (0, z), or
    its probability. As a transformer it gives what `predict_proba` does, and `set_output` makes that a data
    frame with one column named after each class.

    Examples
    --------
    >>> scores = [[4.0, 0.0], [4.0, 0.0], [0.0, 4.0], [4.0, 0.0]]
    >>> calibrator = ScoreCalibrator("temperature").fit(scores, ["ham", "ham", "spam", "spam"])
    >>> calibrator.predict_proba([[4.0, 0.0]]).round(3)
    array([[0.75, 0.25]])
    >>> calibrator.predict([[0.0, 1.0]]).tolist()
    ['spam']
    """

    def __init__(
        self,
        method: str = "auto",
        *,
        method_params: Mapping[str, Any] | None = None,
        scores: Literal["logits", "probs"] = "logits",
        classes: ArrayLike | None = None,
    ) -> None:
        self.method = method
        self.method_params = method_params
        self.scores = scores
        self.classes = classes

    def fit(self, X: Any, y: Any, sample_weight: Any = None) -> Self:
        """Fit the calibrator.

        Parameters
        ----------
        X : array-like, (n, k), or (n,) or (n, 1) for binary problems
            Scores of rows that the classifier was not trained on.
        y : array-like, (n,)
            Their labels.
        sample_weight : array-like, (n,), optional
            A weight of 2 counts as the row twice.

        Returns
        -------
        ScoreCalibrator
            Itself.

        Raises
        ------
        InvalidPredictions
            The scores are no predictions, or have another number of columns than y has classes.
        InvalidArgument
            There is no such method, or it does not take these parameters.
        FitFailed
            No finite fit exists.
        """
        targets = check_targets(y)
        weight = check_weight(sample_weight, len(targets))
        logits = self._logits(X, reset=True)
        self.classes_: NDArray[Any] = (
            np.unique(targets) if self.classes is None else check_sorted_classes(self.classes)
        )
        if len(self.classes_) != logits.shape[1]:
            source = "y" if self.classes is None else "classes"
            raise InvalidPredictions(
                f"X holds scores of {logits.shape[1]} classes, but {source} holds {len(self.classes_)} "
                "class(es). Give one column a class, and name all `classes` if y may lack one."
            )
        if len(targets) != len(logits):
            raise InvalidPredictions(f"X has {len(logits)} rows but y has {len(targets)}.")
        self.calibrator_ = build_calibrator(self.method, self.method_params).fit(
            logits, encode(targets, self.classes_), sample_weight=weight
        )
        remember_kind(self.calibrator_, self.scores)
        return self

    def predict_proba(self, X: Any) -> Floats:
        """Return calibrated probabilities, float64 (n, k), for scores of the form that `fit` saw."""
        check_is_fitted(self)
        return self.calibrator_.predict_proba(self._logits(X, reset=False))

    def predict(self, X: Any) -> NDArray[Any]:
        """Return the label of the highest calibrated probability of each row, (n,)."""
        best = self.predict_proba(X).argmax(axis=1)
        return np.asarray(self.classes_[best])

    def transform(self, X: Any) -> Floats:
        """Return calibrated probabilities in the container that `set_output` chose."""
        return self.predict_proba(X)

    def get_feature_names_out(self, input_features: Any = None) -> NDArray[np.object_]:
        """Return the labels as strings: the names of the columns of `transform`.

        Parameters
        ----------
        input_features : array-like of str, optional
            Not used; scikit-learn passes it.
        """
        check_is_fitted(self)
        return np.array([str(label) for label in self.classes_], dtype=np.object_)

    def _logits(self, X: Any, *, reset: bool) -> Scores:
        is_binary = reset or self.n_features_in_ == 1
        table = np.reshape(X, (-1, 1)) if is_binary and np.asarray(X).ndim == 1 else X
        # Not "finite only": a logit of -inf is a class that is out of the question.
        values = validate_data(
            self, table, reset=reset, dtype=[np.float64, np.float32], ensure_all_finite=False
        )
        if check_choice("scores", self.scores, ("logits", "probs")) == "probs":
            return logits_of_probs(values)
        return check_scores(values, "logits")
