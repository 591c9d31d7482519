"""Calibrated scikit-learn classifiers become one ONNX file that says what they say, or an error in words."""

from __future__ import annotations

import warnings
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from sklearn.base import clone
from sklearn.datasets import load_iris
from sklearn.discriminant_analysis import QuadraticDiscriminantAnalysis
from sklearn.ensemble import RandomForestClassifier
from sklearn.frozen import FrozenEstimator
from sklearn.linear_model import LogisticRegression
from sklearn.naive_bayes import GaussianNB
from sklearn.pipeline import Pipeline, make_pipeline
from sklearn.preprocessing import FunctionTransformer, StandardScaler
from sklearn.svm import SVC, LinearSVC

from calibrant.errors import ExportFailed, IncompatiblePredictions, InvalidArgument, NotFitted
from calibrant.exported.opening import open_exported
from calibrant.sklearn import CalibratedClassifier, ScoreCalibrator
from calibrant.sklearn.exporting import export_onnx

X, SPECIES = load_iris(return_X_y=True)
X = X.astype(np.float32)
NAMES = np.array(["setosa", "versicolor", "virginica"])


def fitted(classifier: Any, classes: int) -> Any:
    return clone(classifier).fit(X, NAMES[np.minimum(SPECIES, classes - 1)])


SCALED = make_pipeline(StandardScaler(), LogisticRegression())
CLASSIFIERS = {
    "a decision function": CalibratedClassifier(LogisticRegression(max_iter=500), method="temperature"),
    "a pipeline inside": CalibratedClassifier(SCALED, method="vector"),
    "a pipeline around, and probabilities": make_pipeline(
        StandardScaler(),
        CalibratedClassifier(RandomForestClassifier(10, random_state=0), method="platt"),
    ),
    "probabilities alone": CalibratedClassifier(GaussianNB(), method="beta"),
    "one that has other options": CalibratedClassifier(LinearSVC(), method="platt"),
    "an automatic choice": CalibratedClassifier(SCALED),
}


@pytest.mark.parametrize(("kind", "classes"), list(zip(CLASSIFIERS, (2, 3) * 3, strict=True)))
def test_it_says_what_the_classifier_says(kind: str, classes: int, tmp_path: Path) -> None:
    classifier = fitted(CLASSIFIERS[kind], classes)
    found = export_onnx(classifier, tmp_path / "a.onnx", X)
    assert (found.compared, found.path) == (150, tmp_path / "a.onnx")
    model = open_exported(tmp_path / "a.onnx")
    assert model.classes == tuple(NAMES[:classes])
    assert (model.facts.takes, model.facts.features) == ("features", 4)
    assert model.run(X) == pytest.approx(classifier.predict_proba(X), abs=1e-5)


def test_the_temperature_stands_in_the_file(tmp_path: Path) -> None:
    frozen = FrozenEstimator(fitted(SCALED, 3))
    classifier = fitted(CalibratedClassifier(frozen, method="temperature"), 3)
    export_onnx(classifier, tmp_path / "a.onnx", X)
    facts = open_exported(tmp_path / "a.onnx").facts
    assert facts.temperature == classifier.calibrator_.temperature_
    assert facts.fitted_on == classifier.calibrator_.fitted_on_.content_hash


def test_a_table_with_names_is_exported_without_a_warning(tmp_path: Path) -> None:
    table = load_iris(as_frame=True).data
    classifier = clone(CLASSIFIERS["probabilities alone"]).fit(table, NAMES[SPECIES])
    with warnings.catch_warnings(record=True) as said:
        warnings.simplefilter("always")
        found = export_onnx(classifier, tmp_path / "a.onnx", table[:1])
    assert (found.compared, [str(each.message) for each in said]) == (1, [])


def unfitted() -> CalibratedClassifier:
    return CalibratedClassifier(LogisticRegression(), method="temperature")


@pytest.mark.filterwarnings("ignore:.*probability:FutureWarning")
@pytest.mark.parametrize(
    ("classifier", "rows", "error", "message"),
    [
        (
            make_pipeline(FunctionTransformer(np.sin), unfitted()),
            X,
            ExportFailed,
            r"Pipeline \(FunctionTransformer, LogisticRegression\) cannot be exported: skl2onnx does not",
        ),
        (
            CalibratedClassifier(QuadraticDiscriminantAnalysis(), method="platt"),
            X,
            ExportFailed,
            "QuadraticDiscriminantAnalysis cannot be exported: it was calibrated by its decision function",
        ),
        (
            CalibratedClassifier(SVC(probability=True), method="temperature"),
            X,
            ExportFailed,
            "SVC cannot be exported: .* with probability=True .* Fit it with probability=False",
        ),
        (
            CalibratedClassifier(GaussianNB(), method="isotonic"),
            X,
            IncompatiblePredictions,
            "isotonic cannot be part of a network",
        ),
        (SCALED, X, InvalidArgument, "is no CalibratedClassifier and no pipeline that ends in one"),
        (unfitted(), X[:0], InvalidArgument, "X must have one row or more"),
        (unfitted(), X[:, 0], InvalidArgument, "X must have one row or more"),
        (unfitted(), [["a"], ["b"]], InvalidArgument, "X must be a dense table of numbers"),
        (unfitted(), X[:, :3], InvalidArgument, "X has 3 columns, and the classifier was fitted on 4"),
    ],
)
def test_what_cannot_be_exported_leaves_nothing(
    classifier: Any, rows: Any, error: type[Exception], message: str, tmp_path: Path
) -> None:
    with pytest.raises(error, match=message):
        export_onnx(fitted(classifier, 3), tmp_path / "a.onnx", rows)
    assert list(tmp_path.iterdir()) == []


def test_a_calibrator_of_scores_is_exported_by_itself(tmp_path: Path) -> None:
    calibrated = ScoreCalibrator("platt").fit(X[:, :3], SPECIES)
    with pytest.raises(InvalidArgument, match="Of a ScoreCalibrator save the calibrator_"):
        export_onnx(calibrated, tmp_path / "a.onnx", X)


def test_what_is_not_fitted_is_nothing_to_export(tmp_path: Path) -> None:
    for classifier in (unfitted(), Pipeline([("classifier", unfitted())])):
        with pytest.raises(NotFitted, match="is not fitted"):
            export_onnx(classifier, tmp_path / "a.onnx", X)


def test_a_graph_that_says_something_else_is_not_kept(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    classifier = fitted(unfitted(), 3)
    monkeypatch.setattr(
        "calibrant.sklearn.exporting.graph_of_scores",
        lambda alone, features, **named: _of_another(features, **named),
    )
    with pytest.raises(ExportFailed, match="says other probabilities than Python"):
        export_onnx(classifier, tmp_path / "a.onnx", X)
    assert list(tmp_path.iterdir()) == []


def _of_another(features: int, **named: Any) -> Any:
    from calibrant.sklearn.scores_graph import graph_of_scores

    return graph_of_scores(fitted(LogisticRegression(C=0.01), 3), features, **named)
