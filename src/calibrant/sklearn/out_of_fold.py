"""Logits of rows that the model which scored them never saw.

How rows are split is decided in `folds`.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray
from sklearn.base import clone
from sklearn.utils import _safe_indexing
from sklearn.utils.parallel import Parallel, delayed
from sklearn.utils.validation import _check_method_params

from calibrant._typing import Integers, Scores
from calibrant.sklearn.folds import Split
from calibrant.sklearn.logits import classifier_logits


class HeldOut(NamedTuple):
    """Indices of rows, and their logits."""

    rows: Integers
    logits: Scores


def fit_on(
    rows: Integers, estimator: Any, X: Any, targets: NDArray[Any], fit_params: Mapping[str, Any]
) -> Any:
    """Fit the estimator on some of the rows, cutting parameters with a value a row to them."""
    cut = _check_method_params(X, fit_params, indices=rows)
    return estimator.fit(_safe_indexing(X, rows), targets[rows], **cut)


def score(rows: Integers, fitted: Any, X: Any, classes: NDArray[Any]) -> HeldOut:
    """Return the logits that a fitted classifier gives some of the rows.

    They are rounded to float32: equal rows, and fits that differ by rounding alone, then give equal logits,
    by which calibrators that cross-validate deal their folds.
    """
    return HeldOut(rows, classifier_logits(fitted, _safe_indexing(X, rows), classes).astype(np.float32))


def out_of_fold(
    splits: Sequence[Split],
    estimator: Any,
    X: Any,
    targets: NDArray[Any],
    classes: NDArray[Any],
    *,
    fit_params: Mapping[str, Any],
    n_jobs: int | None,
) -> HeldOut:
    """Score the held-out rows of every split by a clone fitted on its other rows.

    Parameters
    ----------
    splits : sequence of Split
        Rows to train on and rows to score. A row scored by several splits stands there as often.
    estimator : classifier
        It is cloned, never fitted.
    X : array-like, sparse matrix or data frame, n rows
        Features.
    targets : array, (n,)
        Labels.
    classes : array, (k,)
        All labels, ascending.
    fit_params : mapping
        For the clones' `fit`.
    n_jobs : int, optional
        Splits worked on at once.

    Raises
    ------
    InvalidArgument
        A training fold lacks a class.
    """
    parts = Parallel(n_jobs=n_jobs)(
        delayed(_fit_and_score)(split, clone(estimator), X, targets, classes, fit_params) for split in splits
    )
    return HeldOut(
        np.concatenate([part.rows for part in parts]), np.concatenate([part.logits for part in parts])
    )


def _fit_and_score(
    split: Split,
    estimator: Any,
    X: Any,
    targets: NDArray[Any],
    classes: NDArray[Any],
    fit_params: Mapping[str, Any],
) -> HeldOut:
    return score(split.test, fit_on(split.train, estimator, X, targets, fit_params), X, classes)
