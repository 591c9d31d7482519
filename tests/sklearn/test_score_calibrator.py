"""A calibrator on bare scores gives what it gives without scikit-learn, and behaves like a native there."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any, Literal

import numpy as np
import pytest

pytest.importorskip("sklearn")

import joblib
from sklearn import config_context
from sklearn.base import clone
from sklearn.calibration import CalibratedClassifierCV
from sklearn.exceptions import NotFittedError
from sklearn.frozen import FrozenEstimator
from sklearn.linear_model import LogisticRegression
from sklearn.model_selection import GridSearchCV, cross_validate
from sklearn.pipeline import make_pipeline
from sklearn.preprocessing import FunctionTransformer

from calibrant import TemperatureScaling
from calibrant.calibrators import CALIBRATORS
from calibrant.errors import InvalidArgument, InvalidPredictions
from calibrant.predictions import Predictions
from calibrant.sklearn import ScoreCalibrator
from tests.sklearn.rows import correlated, scored

NAMES = np.array(["ham", "list", "spam"])


@pytest.fixture
def routing() -> Iterator[None]:
    with config_context(enable_metadata_routing=True):
        yield


def test_gives_what_the_calibrator_itself_gives() -> None:
    logits, labels = scored(500, 3)
    here = ScoreCalibrator("temperature").fit(logits, labels)
    plain = TemperatureScaling().fit(logits, labels)
    assert here.calibrator_.temperature_ == plain.temperature_
    np.testing.assert_array_equal(here.predict_proba(logits), plain.predict_proba(logits))


@pytest.mark.parametrize("classes", [2, 3])
def test_temperature_agrees_with_scikit_learns(classes: int) -> None:
    X, y = correlated(500, classes)
    fitted = LogisticRegression(max_iter=1000).fit(X[:250], y[:250])
    scores = fitted.decision_function(X)
    ours = ScoreCalibrator("temperature").fit(scores[250:], y[250:])
    theirs = CalibratedClassifierCV(FrozenEstimator(fitted), method="temperature").fit(X[250:], y[250:])
    np.testing.assert_allclose(ours.predict_proba(scores), theirs.predict_proba(X), rtol=1e-5)


@pytest.mark.parametrize("method", sorted(CALIBRATORS))
def test_every_method_gives_distributions(method: str) -> None:
    logits, labels = scored(300, 3)
    probs = ScoreCalibrator(method).fit(logits, labels).predict_proba(logits)
    assert probs.min() >= 0
    np.testing.assert_allclose(probs.sum(axis=1), 1)


@pytest.mark.parametrize("labels_are", ["strings", "objects", "unordered numbers"])
def test_columns_belong_to_the_sorted_labels(labels_are: str) -> None:
    logits, labels = scored(300, 3)
    classes = {"strings": NAMES, "objects": NAMES.astype(object), "unordered numbers": np.array([-3, 7, 40])}
    names = classes[labels_are]
    fitted = ScoreCalibrator("temperature").fit(logits, names[labels])
    np.testing.assert_array_equal(fitted.classes_, names)
    np.testing.assert_array_equal(fitted.predict(logits), names[logits.argmax(axis=1)])


def test_binary_scores_as_vector_column_and_two_columns_agree() -> None:
    logits, labels = scored(300, 2)
    margin = logits[:, 1] - logits[:, 0]
    forms: list[Any] = [margin, margin[:, None], np.column_stack([np.zeros(300), margin]), margin.tolist()]
    first, *others = [ScoreCalibrator("temperature").fit(form, labels).predict_proba(form) for form in forms]
    for other in others:
        np.testing.assert_allclose(other, first, rtol=1e-12)


def test_probabilities_are_read_as_such_when_told() -> None:
    logits, labels = scored(300, 3)
    probs = TemperatureScaling(1.0).predict_proba(logits)
    from_probs = ScoreCalibrator("temperature", scores="probs").fit(probs, labels)
    from_logits = ScoreCalibrator("temperature").fit(logits, labels)
    assert from_probs.calibrator_.temperature_ == pytest.approx(from_logits.calibrator_.temperature_)
    np.testing.assert_allclose(from_probs.predict_proba(probs), from_logits.predict_proba(logits), rtol=1e-9)


@pytest.mark.parametrize("scores", ["logits", "probs"])
def test_its_calibrator_knows_what_the_scores_were(scores: Literal["logits", "probs"]) -> None:
    logits, labels = scored(300, 3)
    given = logits if scores == "logits" else TemperatureScaling(1.0).predict_proba(logits)
    fitted = ScoreCalibrator("vector", scores=scores).fit(given, labels)
    alone = Predictions.from_logits if scores == "logits" else Predictions.from_probs
    by_itself = fitted.calibrator_.transform(alone(given, labels)).probs()
    assert by_itself == pytest.approx(fitted.predict_proba(given), abs=1e-12)


def test_weights_count_as_repeated_rows() -> None:
    logits, labels = scored(200, 3)
    weight = np.random.default_rng(1).integers(0, 4, size=200)
    weighted = ScoreCalibrator("temperature").fit(logits, labels, sample_weight=weight)
    repeated = ScoreCalibrator("temperature").fit(logits.repeat(weight, axis=0), labels.repeat(weight))
    np.testing.assert_allclose(weighted.predict_proba(logits), repeated.predict_proba(logits), rtol=1e-8)


def test_classes_may_be_named_when_the_rows_lack_one() -> None:
    logits, labels = scored(300, 3)
    two = labels != 1
    with pytest.raises(InvalidPredictions, match="3 classes, but y holds 2"):
        ScoreCalibrator("temperature").fit(logits[two], NAMES[labels[two]])
    fitted = ScoreCalibrator("temperature", classes=NAMES).fit(logits[two], NAMES[labels[two]])
    assert fitted.predict_proba(logits).shape == (300, 3)


@pytest.mark.parametrize(
    ("parameters", "match"),
    [
        ({"method": "temprature"}, "there is no calibrator 'temprature'"),
        ({"method": "histogram", "method_params": {"bin": 3}}, "unexpected keyword argument 'bin'.*bins"),
        ({"method": "temperature", "scores": "margins"}, "scores must be one of"),
        ({"method": "temperature", "classes": ["c", "a", "b"]}, "classes must ascend"),
    ],
)
def test_arguments_are_checked(parameters: dict[str, Any], match: str) -> None:
    logits, labels = scored(60, 3)
    with pytest.raises(InvalidArgument, match=match):
        ScoreCalibrator(**parameters).fit(logits, np.array(["a", "b", "c"])[labels])


def test_labels_outside_the_named_classes_are_shown() -> None:
    with pytest.raises(InvalidPredictions, match="'eggs' at row 1"):
        ScoreCalibrator("temperature", classes=["ham", "spam"]).fit([[1.0, 0.0]] * 2, ["ham", "eggs"])


def test_lengths_must_agree() -> None:
    with pytest.raises(InvalidPredictions, match="X has 2 rows but y has 3"):
        ScoreCalibrator("temperature").fit([[1.0, 0.0]] * 2, [0, 1, 1])


def test_other_columns_than_fitted_are_refused() -> None:
    fitted = ScoreCalibrator("temperature").fit(*scored(60, 3))
    with pytest.raises(ValueError, match="X has 4 features, but ScoreCalibrator is expecting 3"):
        fitted.predict_proba(np.zeros((2, 4)))
    with pytest.raises(ValueError, match="Reshape your data"):
        fitted.predict_proba(np.zeros(3))


def test_nan_is_refused_and_a_masked_class_is_not() -> None:
    logits, labels = scored(60, 3)
    logits[labels != 0, 0] = -np.inf
    assert (
        ScoreCalibrator("temperature").fit(logits, labels).predict_proba(logits)[labels != 0, 0] == 0
    ).all()
    logits[5, 1] = np.nan
    with pytest.raises(InvalidPredictions, match="nan at row 5"):
        ScoreCalibrator("temperature").fit(logits, labels)


def test_unfitted_says_so() -> None:
    with pytest.raises(NotFittedError):
        ScoreCalibrator("temperature").predict([[1.0, 0.0]])


def test_clone_keeps_parameters_and_forgets_the_fit() -> None:
    fitted = ScoreCalibrator("histogram", method_params={"bins": 5}).fit(*scored(60, 3))
    copy = clone(fitted)
    assert copy.get_params() == fitted.get_params()
    assert not hasattr(copy, "calibrator_")


def test_joblib_brings_back_the_same_probabilities(tmp_path: Path) -> None:
    logits, labels = scored(60, 3)
    fitted = ScoreCalibrator("isotonic").fit(logits, labels)
    joblib.dump(fitted, tmp_path / "calibrator.joblib")
    np.testing.assert_array_equal(
        joblib.load(tmp_path / "calibrator.joblib").predict_proba(logits), fitted.predict_proba(logits)
    )


def test_set_output_names_the_columns_after_the_classes() -> None:
    pandas = pytest.importorskip("pandas")
    logits, labels = scored(60, 3)
    frame = pandas.DataFrame(logits, columns=["x", "y", "z"])
    calibrator = ScoreCalibrator("temperature").set_output(transform="pandas")
    table = calibrator.fit_transform(frame, NAMES[labels])
    assert list(table.columns) == list(NAMES)
    assert list(calibrator.feature_names_in_) == ["x", "y", "z"]
    np.testing.assert_array_equal(table.to_numpy(), calibrator.predict_proba(frame))


def test_grid_search_runs_over_methods_and_their_parameters() -> None:
    grid = [
        {"method": ["identity", "temperature"]},
        {"method": ["histogram"], "method_params": [{"bins": 5}, {"bins": 15}]},
    ]
    search = GridSearchCV(ScoreCalibrator(), grid, scoring="neg_log_loss", cv=3)
    search.fit(*scored(600, 3, temperature=3.0))
    assert len(search.cv_results_["params"]) == 4
    assert search.best_params_ == {"method": "temperature"}


def test_works_as_the_last_step_of_a_pipeline() -> None:
    logits, labels = scored(300, 3)
    pipeline = make_pipeline(FunctionTransformer(np.negative), ScoreCalibrator("temperature"))
    pipeline.fit(-logits, labels)
    np.testing.assert_array_equal(
        pipeline.predict_proba(-logits),
        ScoreCalibrator("temperature").fit(logits, labels).predict_proba(logits),
    )


@pytest.mark.usefixtures("routing")
def test_weights_are_routed_on_request() -> None:
    logits, labels = scored(300, 3)
    weight = np.where(labels == 0, 5.0, 1.0)
    calibrator = ScoreCalibrator("temperature").set_fit_request(sample_weight=True)
    calibrator.set_score_request(sample_weight=False)
    done = cross_validate(
        calibrator,
        logits,
        labels,
        cv=[(np.arange(300), np.arange(300))],
        params={"sample_weight": weight},
        return_estimator=True,
    )
    direct = TemperatureScaling().fit(logits, labels, sample_weight=weight)
    assert done["estimator"][0].calibrator_.temperature_ == direct.temperature_
