"""scikit-learn's own checks: all of them for the classifier, all but the named ones for bare scores."""

from __future__ import annotations

import warnings
from typing import Any

import pytest

pytest.importorskip("sklearn")

from sklearn.utils.estimator_checks import check_estimator
from threadpoolctl import threadpool_limits

from calibrant.sklearn import CalibratedClassifier, ScoreCalibrator

COUNTS = "X and y are drawn with another number of columns than classes; scores have one column a class"
FEATURES = "the columns of X are features that have to be learned from, not scores of the classes"
EXPECTED = {
    "check_array_api_input": COUNTS,
    "check_classifiers_classes": COUNTS,
    "check_classifiers_train": FEATURES,
    "check_dtype_object": COUNTS,
    "check_estimators_dtypes": COUNTS,
    "check_estimators_fit_returns_self": COUNTS,
    "check_estimators_nan_inf": COUNTS,
    "check_estimators_overwrite_params": COUNTS,
    "check_estimators_pickle": COUNTS,
    "check_n_features_in_after_fitting": COUNTS,
    "check_pipeline_consistency": COUNTS,
    "check_positive_only_tag_during_fit": COUNTS,
    "check_readonly_memmap_input": COUNTS,
    "check_sample_weight_equivalence_on_dense_data": COUNTS,
    "check_transformer_data_not_an_array": COUNTS,
    "check_transformer_general": COUNTS,
    "check_transformer_preserve_dtypes": COUNTS,
}
NEEDS = {
    "check_array_api_input": "SCIPY_ARRAY_API",
    "check_sample_weights_pandas_series": "pandas",
    "check_classifier_data_not_an_array": "pandas",
}
"""Checks that may be skipped, and what scikit-learn then says it lacks."""


def outcomes(estimator: Any, expected: dict[str, str] | None = None) -> list[dict[str, Any]]:
    # One thread: the data are tiny, and threads that wait for each other take minutes on a busy machine.
    with warnings.catch_warnings(), threadpool_limits(1):
        warnings.simplefilter("ignore")
        return list(check_estimator(estimator, expected_failed_checks=expected, on_skip=None, on_fail=None))


def names(results: list[dict[str, Any]], status: str) -> set[str]:
    return {str(result["check_name"]) for result in results if result["status"] == status}


def assert_skips_are_known(results: list[dict[str, Any]]) -> None:
    for result in results:
        if result["status"] == "skipped":
            assert NEEDS[result["check_name"]] in str(result["exception"])


def test_calibrated_classifier_passes_every_check() -> None:
    results = outcomes(CalibratedClassifier())
    assert [
        (result["check_name"], result["exception"]) for result in results if result["status"] == "failed"
    ] == []
    assert names(results, "xfail") == set()
    assert_skips_are_known(results)
    assert len(results) >= 50


def test_score_calibrator_fails_only_checks_that_ignore_what_scores_are() -> None:
    results = outcomes(ScoreCalibrator(), EXPECTED)
    assert [
        (result["check_name"], result["exception"]) for result in results if result["status"] == "failed"
    ] == []
    assert names(results, "xfail") == set(EXPECTED) - names(results, "skipped"), (
        "a declared check passes: drop it"
    )
    assert_skips_are_known(results)
    assert len(results) >= 50
