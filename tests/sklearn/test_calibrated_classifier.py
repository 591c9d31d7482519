"""A classifier and the calibrator of its out-of-fold scores, fitted together."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import numpy as np
import pytest
from scipy import sparse

pytest.importorskip("sklearn")

import joblib
from sklearn import config_context
from sklearn.base import clone
from sklearn.calibration import CalibratedClassifierCV
from sklearn.ensemble import RandomForestClassifier
from sklearn.exceptions import NotFittedError
from sklearn.feature_extraction.text import CountVectorizer
from sklearn.frozen import FrozenEstimator
from sklearn.linear_model import LogisticRegression
from sklearn.metrics import log_loss
from sklearn.model_selection import GridSearchCV, GroupKFold, StratifiedKFold, cross_validate
from sklearn.naive_bayes import GaussianNB, MultinomialNB
from sklearn.neighbors import KNeighborsClassifier
from sklearn.pipeline import make_pipeline
from sklearn.preprocessing import StandardScaler
from sklearn.svm import SVC, LinearSVC

from calibrant import TemperatureScaling
from calibrant.errors import InvalidArgument, InvalidPredictions
from calibrant.predictions import Predictions
from calibrant.sklearn import CalibratedClassifier
from tests.sklearn.rows import correlated

FAST = {"method": "temperature", "cv": 3}


@pytest.fixture
def routing() -> Iterator[None]:
    with config_context(enable_metadata_routing=True):
        yield


@pytest.mark.parametrize("classes", [2, 4])
@pytest.mark.parametrize("method", ["temperature", "isotonic", "spline"])
def test_an_over_confident_classifier_becomes_honest(classes: int, method: str) -> None:
    X, y = correlated(1000, classes)
    unseen, truth = correlated(4000, classes, seed=1)
    raw = log_loss(truth, GaussianNB().fit(X, y).predict_proba(unseen))
    calibrated = CalibratedClassifier(GaussianNB(), method=method).fit(X, y)
    assert log_loss(truth, calibrated.predict_proba(unseen)) < 0.5 * raw


@pytest.mark.parametrize("classes", [2, 4])
@pytest.mark.parametrize("estimator", [GaussianNB(), LogisticRegression()])
def test_temperature_agrees_with_scikit_learns_on_the_same_folds(classes: int, estimator: Any) -> None:
    X, y = correlated(500, classes)
    X = X[:, ::10]  # so that no probability is as small as the 1e-12 that they add to each
    folds = StratifiedKFold(4)
    ours = CalibratedClassifier(estimator, method="temperature", cv=folds).fit(X, y)
    theirs = CalibratedClassifierCV(estimator, method="temperature", cv=folds, ensemble=False).fit(X, y)
    beta = theirs.calibrated_classifiers_[0].calibrators[0].beta_
    # A binary decision function z stands for (-z, z) there and for (0, z) here.
    twice = 2 if classes == 2 and hasattr(estimator, "decision_function") else 1
    # They compare values of the loss, which near its minimum settle T to the root of float64's precision.
    assert ours.calibrator_.temperature_ == pytest.approx(1 / (twice * beta), rel=1e-6)
    np.testing.assert_allclose(ours.predict_proba(X), theirs.predict_proba(X), rtol=1e-5)


def test_scores_that_fit_the_calibrator_are_out_of_fold() -> None:
    generator = np.random.default_rng(0)
    X, y = generator.normal(size=(400, 5)), generator.integers(2, size=400)
    # A nearest neighbour is always right about rows it has seen; about others here it is worthless.
    memory = CalibratedClassifier(KNeighborsClassifier(1), **FAST).fit(X, y)
    np.testing.assert_allclose(memory.predict_proba(X), 0.5, atol=0.1)


def test_the_decision_function_is_preferred_and_the_last_fit_is_on_all_rows() -> None:
    X, y = correlated(200, 3)
    fitted = CalibratedClassifier(LogisticRegression(), **FAST).fit(X, y)
    everything = LogisticRegression().fit(X, y)
    np.testing.assert_array_equal(fitted.estimator_.coef_, everything.coef_)
    np.testing.assert_array_equal(
        fitted.predict_proba(X), fitted.calibrator_.predict_proba(everything.decision_function(X))
    )


@pytest.mark.parametrize("estimator", [LinearSVC(), SVC(), RandomForestClassifier(20, random_state=0)])
@pytest.mark.parametrize("classes", [2, 3])
def test_string_labels_and_any_kind_of_score(estimator: Any, classes: int) -> None:
    X, y = correlated(300, classes)
    names = np.array(["ham", "list", "spam"])
    fitted = CalibratedClassifier(estimator, **FAST).fit(X, names[y])
    assert list(fitted.classes_) == list(names[:classes])
    assert fitted.predict_proba(X).shape == (300, classes)
    assert fitted.score(X, names[y]) > 0.7


@pytest.mark.parametrize(
    ("estimator", "said", "read"),
    [
        (LogisticRegression(), "decision_function", Predictions.from_logits),
        (GaussianNB(), "predict_proba", Predictions.from_probs),
    ],
)
def test_its_calibrator_knows_what_the_scores_were(estimator: Any, said: str, read: Any) -> None:
    X, y = correlated(300, 3)
    fitted = CalibratedClassifier(estimator, method="vector").fit(X, y)
    rows = read(getattr(fitted.estimator_, said)(X), y)
    assert fitted.calibrator_.transform(rows).probs() == pytest.approx(fitted.predict_proba(X), abs=1e-12)


@pytest.mark.parametrize("method", ["temperature", "isotonic", "spline", "histogram"])
def test_weights_count_as_repeated_rows(method: str) -> None:
    X, y = correlated(150, 3)
    weight = np.random.default_rng(1).integers(0, 4, size=150)
    shuffled = np.random.default_rng(2).permutation(weight.sum())
    estimator = CalibratedClassifier(GaussianNB(), method=method)
    weighted = clone(estimator).fit(X, y, sample_weight=weight)
    repeated = estimator.fit(X.repeat(weight, axis=0)[shuffled], y.repeat(weight)[shuffled])
    np.testing.assert_allclose(weighted.predict_proba(X), repeated.predict_proba(X), rtol=1e-6, atol=1e-12)


def test_a_class_of_weight_zero_is_no_class() -> None:
    X, y = correlated(150, 3)
    fitted = CalibratedClassifier(**FAST).fit(X, y, sample_weight=(y != 1).astype(float))
    assert list(fitted.classes_) == [0, 2]
    with pytest.raises(InvalidPredictions, match="1 class, 2"):
        CalibratedClassifier(**FAST).fit(X, y, sample_weight=(y == 2).astype(float))


def test_an_estimator_without_weights_is_warned_about() -> None:
    X, y = correlated(90, 2)
    with pytest.warns(UserWarning, match="KNeighborsClassifier does not take sample_weight"):
        CalibratedClassifier(KNeighborsClassifier(), **FAST).fit(X, y, sample_weight=np.ones(90))


def test_a_class_with_one_row_is_trained_on_and_never_held_out() -> None:
    X, y = correlated(61, 2)
    y[0] = 2
    assert CalibratedClassifier(**FAST).fit(X, y).predict_proba(X).shape == (61, 3)


def test_folds_that_lack_a_class_are_refused() -> None:
    X, y = correlated(60, 2)
    lacking = [(np.flatnonzero(y == 0), np.flatnonzero(y == 1)), (np.arange(60), np.arange(60))]
    with pytest.raises(InvalidArgument, match="Every training fold must hold every class"):
        CalibratedClassifier(GaussianNB(), method="temperature", cv=lacking).fit(X, y)


@pytest.mark.parametrize("frozen", [False, True])
def test_a_fitted_estimator_is_calibrated_as_it_is(frozen: bool) -> None:
    X, y = correlated(300, 3)
    unseen, truth = correlated(300, 3, seed=1)
    fitted = GaussianNB().fit(X, y)
    wrapped = FrozenEstimator(fitted) if frozen else fitted
    calibrated = CalibratedClassifier(wrapped, method="temperature", cv=5 if frozen else "prefit")
    calibrated.fit(unseen[truth != 1], truth[truth != 1])
    assert list(calibrated.classes_) == [0, 1, 2]
    assert calibrated.estimator_ is wrapped
    assert calibrated.calibrator_.temperature_ > 1


def test_prefit_wants_a_fitted_estimator() -> None:
    with pytest.raises(NotFittedError):
        CalibratedClassifier(GaussianNB(), method="temperature", cv="prefit").fit(*correlated(60, 2))


def test_estimators_without_one_score_a_class_are_refused() -> None:
    X, y = correlated(200, 4)
    with pytest.raises(InvalidArgument, match=r"6 columns for 4 classes.*'ovr'"):
        CalibratedClassifier(SVC(decision_function_shape="ovo"), **FAST).fit(X, y)
    with pytest.raises(InvalidArgument, match="neither decision_function nor predict_proba"):
        CalibratedClassifier(_Silent(), **FAST).fit(X, y)


class _Silent(KNeighborsClassifier):
    """Predicts labels only."""

    predict_proba = property()


def test_grid_search_reaches_the_method_and_the_estimator() -> None:
    grid = {"method": ["identity", "temperature"], "estimator__var_smoothing": [1e-9, 1e-1]}
    search = GridSearchCV(CalibratedClassifier(GaussianNB(), cv=3), grid, scoring="neg_log_loss", cv=3)
    search.fit(*correlated(300, 2))
    assert search.best_params_["method"] == "temperature"


def test_data_frames_keep_their_column_names() -> None:
    pandas = pytest.importorskip("pandas")
    X, y = correlated(120, 2)
    frame = pandas.DataFrame(X, columns=[f"feature {column}" for column in range(20)])
    fitted = CalibratedClassifier(make_pipeline(StandardScaler(), LogisticRegression()), **FAST)
    fitted.fit(frame, pandas.Series(y))
    assert list(fitted.feature_names_in_) == list(frame.columns)
    assert fitted.n_features_in_ == 20
    plain = CalibratedClassifier(make_pipeline(StandardScaler(), LogisticRegression()), **FAST).fit(X, y)
    np.testing.assert_allclose(fitted.predict_proba(frame), plain.predict_proba(X))


def test_sparse_matrices_and_texts() -> None:
    words = np.array(["buy", "now", "hello", "friend", "offer", "lunch"])
    generator = np.random.default_rng(0)
    y = generator.integers(2, size=90)
    odds = np.array([[1, 1, 3, 3, 1, 3], [3, 3, 1, 1, 3, 1]]) / 12
    texts = [" ".join(generator.choice(words, 5, p=odds[label])) for label in y]
    on_texts = CalibratedClassifier(make_pipeline(CountVectorizer(), MultinomialNB()), **FAST).fit(texts, y)
    counts = on_texts.estimator_[0].transform(texts)
    assert sparse.issparse(counts)
    on_counts = CalibratedClassifier(MultinomialNB(), **FAST).fit(counts, y)
    assert on_texts.predict_proba(texts).shape == on_counts.predict_proba(counts).shape == (90, 2)


def test_jobs_do_not_change_the_result() -> None:
    X, y = correlated(120, 3)
    with joblib.parallel_config(backend="threading"):
        one, two = (CalibratedClassifier(GaussianNB(), n_jobs=jobs, **FAST).fit(X, y) for jobs in (1, 2))
    np.testing.assert_array_equal(one.predict_proba(X), two.predict_proba(X))


@pytest.mark.usefixtures("routing")
def test_metadata_reaches_the_estimator_the_splitter_and_the_calibrator() -> None:
    X, y = correlated(200, 2)
    weight = np.where(y == 0, 4.0, 1.0)
    groups = np.arange(200) // 10
    estimator = CalibratedClassifier(
        LogisticRegression().set_fit_request(sample_weight=True), method="temperature", cv=GroupKFold(4)
    )
    fitted = clone(estimator).fit(X, y, sample_weight=weight, groups=groups)
    expected = LogisticRegression().fit(X, y, sample_weight=weight)
    np.testing.assert_array_equal(fitted.estimator_.coef_, expected.coef_)
    logits = np.empty(200)
    for train, test in GroupKFold(4).split(X, y, groups):
        fold = LogisticRegression().fit(X[train], y[train], sample_weight=weight[train])
        logits[test] = fold.decision_function(X[test])
    direct = TemperatureScaling().fit(logits, y, sample_weight=weight)
    assert fitted.calibrator_.temperature_ == pytest.approx(direct.temperature_, rel=1e-5)


@pytest.mark.usefixtures("routing")
def test_weights_reach_it_inside_another_estimator_on_request() -> None:
    X, y = correlated(120, 2)
    estimator = CalibratedClassifier(**FAST).set_fit_request(sample_weight=True)
    estimator.set_score_request(sample_weight=True)
    scores = cross_validate(estimator, X, y, cv=2, params={"sample_weight": np.ones(120)})
    assert len(scores["test_score"]) == 2
