"""A classifier with calibrated probabilities: an estimator, its out-of-fold scores, a calibrator on them.

It measures nothing; judge it on rows that `fit` never saw.
"""

from __future__ import annotations

from collections.abc import Mapping
from numbers import Integral
from typing import Any, Self

import numpy as np
from numpy.typing import NDArray
from sklearn import get_config
from sklearn.base import BaseEstimator, ClassifierMixin, MetaEstimatorMixin, clone
from sklearn.frozen import FrozenEstimator
from sklearn.linear_model import LogisticRegression
from sklearn.model_selection import check_cv
from sklearn.utils import Tags, get_tags, indexable
from sklearn.utils.metadata_routing import MetadataRouter, MethodMapping
from sklearn.utils.validation import check_is_fitted

from calibrant._typing import Booleans, Floats
from calibrant.errors import InvalidPredictions
from calibrant.sklearn.folds import Split, deal, keep_present
from calibrant.sklearn.logits import classifier_logits, has_raw_scores, remember_kind
from calibrant.sklearn.methods import build_calibrator
from calibrant.sklearn.out_of_fold import fit_on, out_of_fold, score
from calibrant.sklearn.routing import fit_parameters
from calibrant.sklearn.targets import check_targets, check_weight, encode


class CalibratedClassifier(ClassifierMixin, MetaEstimatorMixin, BaseEstimator):
    """Fit a classifier and calibrate its probabilities by cross-validation.

    Parameters
    ----------
    estimator : classifier, optional
        With `decision_function`, which is preferred, or `predict_proba`. By default `LogisticRegression()`.
    method : str, default="auto"
        Name of the calibration method, as in `calibrant.calibrators.CALIBRATORS`.
    method_params : dict, optional
        Arguments of the method, such as ``{"bins": 10}`` for "histogram"; the others keep their defaults.
    cv : int, splitter, iterable of (train, test) or "prefit", default=5
        How rows are held out. A number deals distinct rows into so many folds, stratified by class. With
        "prefit", or a `FrozenEstimator`, the estimator is already fitted, on other rows, and only the
        calibrator is fitted here.
    n_jobs : int, optional
        Folds fitted at once, as everywhere in scikit-learn.

    Attributes
    ----------
    classes_ : array, (k,)
        The labels, ascending.
    estimator_ : classifier
        The estimator, fitted on all rows.
    calibrator_ : calibrant.Calibrator
        The calibrator of its logits, which can be described, saved and applied without scikit-learn.
    n_features_in_ : int
        Features seen by `fit`, where the estimator says so.
    feature_names_in_ : array of str
        Their names, where the estimator says so.

    See Also
    --------
    ScoreCalibrator : Calibrates scores that are already there.

    Notes
    -----
    Every row is scored by a clone that never saw it; one calibrator is fitted on all those scores together,
    and the estimator is then fitted again on all rows. Averaging calibrated clones instead would give every
    calibrator only a fold to learn from, where methods of many parameters need rows most, multiply the cost
    of a prediction by the folds, and leave no single calibrator to inspect or save. The price is that the
    calibrator learned from clones fitted on slightly fewer rows than the final estimator.

    A weight of 2 counts as the row twice, and rows of weight 0 count for nothing: equal rows share a fold,
    and folds depend on what the rows hold, not on their order. With a splitter of your own that is up to it.

    `clone`, and so a grid search, forgets what an estimator learned; there wrap a fitted one in
    `sklearn.frozen.FrozenEstimator`.

    Examples
    --------
    >>> from sklearn.datasets import load_iris
    >>> from sklearn.naive_bayes import GaussianNB
    >>> X, y = load_iris(return_X_y=True)
    >>> classifier = CalibratedClassifier(GaussianNB(), method="temperature").fit(X, y)
    >>> classifier.predict_proba(X[:1]).shape
    (1, 3)
    >>> classifier.calibrator_.temperature_ > 1  # GaussianNB is over-confident
    True
    """

    def __init__(
        self,
        estimator: Any = None,
        *,
        method: str = "auto",
        method_params: Mapping[str, Any] | None = None,
        cv: Any = 5,
        n_jobs: int | None = None,
    ) -> None:
        self.estimator = estimator
        self.method = method
        self.method_params = method_params
        self.cv = cv
        self.n_jobs = n_jobs

    def fit(self, X: Any, y: Any, sample_weight: Any = None, **fit_params: Any) -> Self:
        """Fit the estimator and the calibrator of its scores.

        Parameters
        ----------
        X : array-like, sparse matrix or data frame, n rows
            What the estimator takes.
        y : array-like, (n,)
            Labels.
        sample_weight : array-like, (n,), optional
            Weighs the calibration, and the estimator if it takes weights.
        **fit_params
            Passed to the estimator's `fit`, those with a value a row cut to the rows of the fold; with
            metadata routing also to the splitter, as requested.

        Returns
        -------
        CalibratedClassifier
            Itself.

        Raises
        ------
        InvalidPredictions
            y holds one class only, or the weights are no weights.
        ValueError
            y is continuous, or has another length than X.
        InvalidArgument
            There is no such method, or a fold lacks a class.
        FitFailed
            No finite fit exists.
        """
        calibrator = build_calibrator(self.method, self.method_params)
        X, targets = indexable(X, check_targets(y))
        weight = check_weight(sample_weight, len(targets))
        present = np.ones(len(targets), np.bool_) if weight is None else weight > 0
        estimator = self._estimator()
        passed_on = fit_parameters(self, estimator, weight, fit_params)
        if self._is_prefit():
            check_is_fitted(estimator)
            self.estimator_, self.classes_ = estimator, estimator.classes_
            held_out = score(np.flatnonzero(present), estimator, X, self.classes_)
        else:
            self.classes_ = _two_or_more(np.unique(targets[present]))
            # First the fit on all rows: what is wrong with them, the estimator says best.
            self.estimator_ = fit_on(np.flatnonzero(present), clone(estimator), X, targets, passed_on.fit)
            splits = self._splits(X, targets, present, passed_on.split)
            held_out = out_of_fold(
                splits, estimator, X, targets, self.classes_, fit_params=passed_on.fit, n_jobs=self.n_jobs
            )
        self.calibrator_ = calibrator.fit(
            held_out.logits,
            encode(targets[held_out.rows], self.classes_),
            sample_weight=None if weight is None else weight[held_out.rows],
        )
        remember_kind(self.calibrator_, "logits" if has_raw_scores(self.estimator_) else "probs")
        return self

    def predict_proba(self, X: Any) -> Floats:
        """Return calibrated probabilities, float64 (n, k)."""
        check_is_fitted(self)
        return self.calibrator_.predict_proba(classifier_logits(self.estimator_, X, self.classes_))

    def predict(self, X: Any) -> NDArray[Any]:
        """Return the label of the highest calibrated probability of each row, (n,)."""
        best = self.predict_proba(X).argmax(axis=1)
        return np.asarray(self.classes_[best])

    @property
    def n_features_in_(self) -> int:
        """Features seen by `fit`."""
        return int(self.estimator_.n_features_in_)

    @property
    def feature_names_in_(self) -> NDArray[np.object_]:
        """Names of the features seen by `fit`."""
        return np.asarray(self.estimator_.feature_names_in_)

    def get_metadata_routing(self) -> MetadataRouter:
        """Return where fit parameters go: to the calibrator, to the estimator's `fit`, to the splitter."""
        return (
            MetadataRouter(owner=self)
            .add_self_request(self)
            .add(
                estimator=self._estimator(),
                method_mapping=MethodMapping().add(caller="fit", callee="fit"),
            )
            .add(splitter=self.cv, method_mapping=MethodMapping().add(caller="fit", callee="split"))
        )

    def __sklearn_tags__(self) -> Tags:
        tags = super().__sklearn_tags__()
        wrapped = get_tags(self._estimator()).input_tags
        tags.input_tags.sparse = wrapped.sparse
        tags.input_tags.allow_nan = wrapped.allow_nan
        return tags

    def _estimator(self) -> Any:
        if self.estimator is not None:
            return self.estimator
        estimator = LogisticRegression()
        if get_config()["enable_metadata_routing"]:
            estimator.set_fit_request(sample_weight=True)
        return estimator

    def _is_prefit(self) -> bool:
        is_frozen = isinstance(self.estimator, FrozenEstimator)
        return is_frozen or (isinstance(self.cv, str) and self.cv == "prefit")

    def _splits(
        self, X: Any, targets: NDArray[Any], present: Booleans, split_params: Mapping[str, Any]
    ) -> list[Split]:
        if isinstance(self.cv, Integral):
            return deal(X, encode(targets, np.unique(targets)), present, int(self.cv))
        splitter = check_cv(self.cv, targets, classifier=True)
        return keep_present(splitter.split(X, targets, **split_params), present)


def _two_or_more(classes: NDArray[Any]) -> NDArray[Any]:
    if len(classes) < 2:
        found = "no class" if len(classes) == 0 else f"1 class, {classes.tolist()[0]!r}"
        raise InvalidPredictions(f"y holds {found}; calibration needs at least 2.")
    return classes
