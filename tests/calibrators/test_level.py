"""Calibrators for which the level of a row's logits counts are used on what they were fitted on."""

from __future__ import annotations

import json
from pathlib import Path

import numpy as np
import pytest

from calibrant.calibrators import CALIBRATORS, AutoCalibrator, Calibrator, VectorScaling, calibrator, load
from calibrant.calibrators.base import FitRecord
from calibrant.errors import IncompatiblePredictions, UnreadableFile
from calibrant.predictions import Predictions, Table
from calibrant.predictions.parts import Whole
from tests.drawn_predictions import overconfident

LEVELLED = ("vector", "matrix")


def shifted(rows: Predictions) -> Predictions:
    """Return the rows with a level of its own in each, exact in float64, so that probabilities stay."""
    levels = np.random.default_rng(5).integers(-8, 8, size=(rows.n, 1))
    return rows.with_scores(np.round(rows.scores * 1024) / 1024 + levels, "logits")


def rounded(rows: Predictions) -> Predictions:
    return rows.with_scores(np.round(rows.scores * 1024) / 1024, "logits")


def as_probs(rows: Predictions) -> Predictions:
    return rows.with_scores(rows.probs(), "probs")


@pytest.fixture
def rows() -> Predictions:
    return shifted(overconfident(300, 3, seed=1))


@pytest.fixture
def others() -> Predictions:
    return shifted(overconfident(100, 3, seed=2))


@pytest.mark.parametrize("method", list(CALIBRATORS))
@pytest.mark.parametrize("k", [2, 3])
def test_it_is_known_of_every_method(method: str, k: int) -> None:
    plain = rounded(overconfident(300, k, seed=1))
    fitted = calibrator(method).fit(plain)
    apart = np.abs(fitted.transform(shifted(plain)).probs() - fitted.transform(plain).probs())
    assert fitted.level_counts == (method in LEVELLED)
    if fitted.level_counts:
        assert np.median(apart) > 1e-4
    else:
        assert np.median(apart) < 1e-9  # a few scores lie on the edge of a bin, and rounding decides


@pytest.mark.parametrize("method", LEVELLED)
def test_fitted_on_logits_it_refuses_probabilities(
    method: str, rows: Predictions, others: Predictions
) -> None:
    fitted = calibrator(method).fit(rows)
    assert fitted.fitted_on_ is not None
    assert fitted.fitted_on_.kind == "logits"
    with pytest.raises(
        IncompatiblePredictions, match=r"was fitted on logits.* these rows have probabilities"
    ):
        fitted.transform(as_probs(others))


@pytest.mark.parametrize("method", LEVELLED)
def test_fitted_on_probabilities_it_makes_logits_those(
    method: str, rows: Predictions, others: Predictions
) -> None:
    fitted = calibrator(method).fit(as_probs(rows))
    wanted = fitted.transform(as_probs(others)).probs()
    assert np.array_equal(fitted.transform(others).probs(), wanted)
    assert np.array_equal(fitted.predict_proba(others.scores), wanted)


@pytest.mark.parametrize("method", sorted(set(CALIBRATORS) - set(LEVELLED)))
def test_the_others_take_either(method: str, rows: Predictions, others: Predictions) -> None:
    fitted = calibrator(method).fit(rows)
    apart = np.abs(fitted.transform(as_probs(others)).probs() - fitted.transform(others).probs())
    assert np.median(apart) < 1e-9


def test_the_chosen_candidate_decides(rows: Predictions, others: Predictions) -> None:
    of_logits = AutoCalibrator([VectorScaling()]).fit(rows)
    with pytest.raises(IncompatiblePredictions, match="this auto calibrator was fitted on logits"):
        of_logits.transform(as_probs(others))
    of_probs = AutoCalibrator([VectorScaling()]).fit(as_probs(rows))
    assert np.array_equal(of_probs.transform(others).probs(), of_probs.transform(as_probs(others)).probs())


def test_rows_in_parts_say_what_they_are(rows: Predictions) -> None:
    for whole in (rows, as_probs(rows)):
        table = Table(tuple(Whole(whole.take(half)) for half in (np.arange(150), np.arange(150, 300))), 3)
        record = VectorScaling().fit(table).fitted_on_
        assert record is not None
        assert record.kind == whole.kind


@pytest.mark.parametrize("kind", ["logits", "probs"])
def test_it_is_stored(kind: str, rows: Predictions, others: Predictions, tmp_path: Path) -> None:
    fitted = AutoCalibrator([VectorScaling()]).fit(rows if kind == "logits" else as_probs(rows))
    fitted.save(tmp_path / "c.json")
    loaded = load(tmp_path / "c.json")
    assert loaded.fitted_on_ == fitted.fitted_on_
    assert np.array_equal(loaded.transform(others).probs(), fitted.transform(others).probs())


def edited(path: Path, fitted: Calibrator, **values: object) -> Path:
    fitted.save(path)
    content = json.loads(path.read_text())
    content["fitted_on"] |= values
    path.write_text(json.dumps(content))
    return path


def test_a_file_of_an_older_version_does_not_know(
    rows: Predictions, others: Predictions, tmp_path: Path
) -> None:
    fitted = VectorScaling().fit(rows)
    path = edited(tmp_path / "c.json", fitted)
    content = json.loads(path.read_text())
    del content["fitted_on"]["kind"]
    path.write_text(json.dumps(content))
    older = load(path)
    assert isinstance(older.fitted_on_, FitRecord)
    assert older.fitted_on_.kind is None
    assert older.transform(as_probs(others)).n == others.n


def test_a_kind_that_does_not_exist_is_damage(rows: Predictions, tmp_path: Path) -> None:
    path = edited(tmp_path / "c.json", VectorScaling().fit(rows), kind=["logits"])
    with pytest.raises(UnreadableFile, match=r"'kind' must be .*got \['logits'\]"):
        load(path)
