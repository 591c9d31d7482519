"""Files of the top label alone: each check finds its fault and leaves sound rows in peace."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import numpy as np
import pytest

from calibrant.analysis import doctor
from calibrant.predictions import RawTopLabel
from tests.analysis.checks.cases import fires, silent, sound, sound_top_label


def only_outcomes(n: int = 1000, **options: Any) -> RawTopLabel:
    """Sound rows of which only the outcome is known."""
    raw = sound_top_label(n, **options)
    assert raw.prediction is not None
    return replace(raw, prediction=None, labels=None, correct=raw.prediction == raw.labels)


def test_confidences_that_are_no_column_of_numbers() -> None:
    assert "<U" in fires("confidence_form", RawTopLabel(np.array(["0.9"]), np.array([1]))).what
    wide = RawTopLabel(np.full((3, 2), 0.5), np.array([1, 0, 1]))
    assert "(3, 2), not (n,)" in fires("confidence_form", wide).what
    assert fires("confidence_form", RawTopLabel(np.empty(0), np.empty(0))).severity == "error"
    assert silent("confidence_form", sound_top_label())


def test_confidences_that_are_not_finite() -> None:
    raw = sound_top_label()
    raw.confidence[[7, 9]] = np.nan, np.inf
    found = fires("finite_confidence", raw)
    assert (found.rows, found.example) == (2, 7)
    assert "row 7 holds nan" in found.what
    assert silent("finite_confidence", sound_top_label())


@pytest.mark.parametrize(
    ("change", "advice"),
    [
        (lambda c: 100 * c, "per cent: divide by 100"),
        (lambda c: np.log(c) - 1e-3, "logarithms"),
        (lambda c: 10 * (c - 0.7), "before softmax"),
    ],
)
def test_confidences_outside_0_to_1(change: Any, advice: str) -> None:
    raw = sound_top_label()
    found = fires("confidence_range", replace(raw, confidence=change(raw.confidence)))
    assert (found.severity, advice in found.advice) == ("error", True)
    few = raw.confidence.copy()
    few[3] = 1.5
    found = fires("confidence_range", replace(raw, confidence=few))
    assert (found.rows, found.example) == (1, 3)
    assert "drop these rows" in found.advice
    assert silent("confidence_range", raw)


def test_confidences_of_exactly_1() -> None:
    raw = sound_top_label(2000)
    assert raw.prediction is not None
    rounded = raw.confidence.copy()
    right = np.flatnonzero(raw.prediction == raw.labels)
    wrong = np.flatnonzero(raw.prediction != raw.labels)
    rounded[right[:5]] = 1
    assert fires("confidence_saturation", replace(raw, confidence=rounded)).severity == "note"
    rounded[wrong[:4]] = 1
    refuted = fires("confidence_saturation", replace(raw, confidence=rounded))
    assert (refuted.severity, refuted.rows) == ("warning", 9)
    assert "0.20% of the rows came out" in refuted.what
    rounded[right[:200]] = 1
    assert fires("confidence_saturation", replace(raw, confidence=rounded)).severity == "warning"
    assert silent("confidence_saturation", raw)


def test_outcomes_that_others_refuse() -> None:
    raw = only_outcomes()
    assert raw.correct is not None
    for spoilt, words in (
        (replace(raw, correct=None), "nothing says which rows are right"),
        (replace(raw, correct=raw.correct[:-1]), "1000 rows but correct has 999"),
        (replace(raw, correct=np.where(raw.correct, 2, 0)), "got 2"),
        (replace(sound_top_label(), prediction=np.full(1000, 0.5)), "integers"),
        (replace(sound_top_label(), classes=("a", "b")), "2 class names"),
    ):
        assert words in fires("outcomes_form", spoilt).what
    assert silent("outcomes_form", raw)


def test_outcomes_that_contradict_the_classes() -> None:
    raw = sound_top_label()
    assert raw.prediction is not None
    correct = raw.prediction == raw.labels
    correct[17] = ~correct[17]
    found = fires("outcomes_agree", replace(raw, correct=correct))
    assert (found.severity, found.rows, found.example) == ("error", 1, 17)
    inverted = fires("outcomes_agree", replace(raw, correct=raw.prediction != raw.labels))
    assert "where the answer is wrong?" in inverted.what
    assert silent("outcomes_agree", replace(raw, correct=raw.prediction == raw.labels))


def test_outcomes_that_have_nothing_to_do_with_the_confidence() -> None:
    raw = only_outcomes(3000, temperature=3)
    assert raw.correct is not None
    inverted = fires("uninformative_confidence", replace(raw, correct=~raw.correct))
    assert "outcomes are inverted" in inverted.advice
    shuffled = np.random.default_rng(0).permutation(raw.correct)
    assert "shuffled" in fires("uninformative_confidence", replace(raw, correct=shuffled)).advice
    assert silent("uninformative_confidence", raw)


def test_rows_that_are_not_exchangeable() -> None:
    raw = sound_top_label(5000)
    order = np.argsort(raw.confidence)
    assert raw.prediction is not None
    assert raw.labels is not None
    ordered = RawTopLabel(raw.confidence[order], prediction=raw.prediction[order], labels=raw.labels[order])
    found = fires("confidence_drift", ordered)
    assert found.severity == "warning"
    assert "the mean confidence changes along the rows" in found.what
    calm, sharp = only_outcomes(3000, temperature=1), only_outcomes(3000, temperature=4)
    joined = RawTopLabel(
        np.concatenate([calm.confidence, sharp.confidence]), np.concatenate([calm.correct, sharp.correct])
    )
    assert "the gap between confidence and accuracy" in fires("confidence_drift", joined).what
    assert silent("confidence_drift", raw)
    by_class = np.argsort(raw.labels, kind="stable")
    biased = np.where(raw.labels < 2, 0.9 * raw.confidence, raw.confidence)[by_class]
    in_order = RawTopLabel(biased, prediction=raw.prediction[by_class], labels=raw.labels[by_class])
    assert fires("confidence_drift", in_order).what.endswith("; the rows are sorted by class.")


def test_copies() -> None:
    raw = only_outcomes(3000)
    assert raw.correct is not None
    twice = replace(
        raw,
        confidence=np.concatenate([raw.confidence, raw.confidence[:300]]),
        correct=np.concatenate([raw.correct, raw.correct[:300]]),
    )
    found = fires("duplicates", twice)
    assert (found.severity, found.rows, found.example) == ("warning", 300, 3000)
    assert "with the same confidence and outcome" in found.what
    assert silent("duplicates", replace(raw, confidence=np.round(raw.confidence, 2)))
    assert silent("duplicates", raw)


@pytest.mark.parametrize("make", [sound_top_label, only_outcomes])
def test_rows_of_the_fitting_file(make: Any) -> None:
    raw, fit = make(2000, seed=1), make(2000, seed=2)
    assert silent("overlap", raw, fit)
    columns = ("confidence", "correct", "prediction", "labels")
    leaked = {
        name: np.concatenate([getattr(raw, name), getattr(fit, name)[:500]])
        for name in columns
        if getattr(raw, name) is not None
    }
    found = fires("overlap", replace(raw, **leaked), fit)
    assert (found.severity, found.rows, found.example) == ("error", 500, 2000)


def test_checks_that_both_kinds_of_files_share() -> None:
    raw = sound_top_label(2000)
    assert raw.prediction is not None
    assert raw.labels is not None
    assert "one too high" in fires("relabelled", replace(raw, labels=raw.labels + 1)).what
    constant = fires("constant_scores", replace(raw, confidence=np.full(2000, 0.7)))
    assert constant.rows == 2000
    everything = replace(raw, prediction=np.zeros(2000, np.int64))
    assert fires("constant_prediction", everything).severity == "warning"
    assert fires("rows_for_bins", only_outcomes(100)).severity == "note"
    assert fires("accuracy_near_one", replace(raw, labels=raw.prediction)).severity == "warning"
    rare = np.where(np.arange(2000) < 3, 7, raw.labels)
    assert "7" in fires("rare_classes", replace(raw, labels=rare)).what


def test_priors_that_moved() -> None:
    raw, fit = sound_top_label(4000, seed=1), sound_top_label(4000, seed=2)
    assert raw.labels is not None
    kept = np.flatnonzero((raw.labels != 1) | (np.arange(4000) % 3 == 0))
    assert raw.prediction is not None
    moved = RawTopLabel(raw.confidence[kept], prediction=raw.prediction[kept], labels=raw.labels[kept])
    found = fires("label_shift", moved, fit)
    assert found.severity == "warning"
    assert "Most moved: class 1" in found.what
    assert "it is predicted for" in found.what
    assert silent("label_shift", raw, fit)


def test_names_of_classes_that_differ() -> None:
    raw, names = sound_top_label(200), ("a", "b", "c", "d")
    named = replace(raw, classes=names)
    assert silent("same_classes", named, named)
    assert silent("same_classes", named, raw)
    assert "another order" in fires("same_classes", named, replace(raw, classes=("a", "c", "b", "d"))).what
    assert "4 classes here and 5" in fires("same_classes", named, replace(raw, classes=(*names, "e"))).what


def test_what_belongs_to_the_rows() -> None:
    raw = sound_top_label(200)
    assert fires("companions", replace(raw, sample_weight=-np.ones(200))).severity == "error"
    assert fires("companions", replace(raw, classes=("a", "a", "b", "c"))).severity == "error"
    assert fires("companions", replace(raw, ids=np.arange(3))).severity == "error"
    assert silent("companions", replace(raw, sample_weight=np.ones(200)))


def test_what_does_not_apply_is_said() -> None:
    diagnosis = doctor(only_outcomes(2000), only_outcomes(2000, seed=5))
    assert "not their predicted and true classes" in diagnosis.left_out["relabelled"]
    assert "not the scores of all classes" in diagnosis.left_out["fit: softmax_twice"]
    assert "in both files" in diagnosis.left_out["label_shift"]
    mixed = doctor(only_outcomes(2000), sound(2000))
    assert "nothing fitted on one applies to the other" in mixed.left_out["overlap"]
    assert (mixed.n, mixed.k, mixed.fit_k) == (2000, None, 4)
    broken = doctor(RawTopLabel(np.full(9, np.nan), np.ones(9)))
    assert "lacks sound rows" in broken.left_out["confidence_drift"]


@pytest.mark.parametrize("n", [50, 500, 5000])
@pytest.mark.parametrize("dtype", [np.float16, np.float32, np.float64])
def test_sound_rows_raise_nothing_worse_than_a_note(n: int, dtype: Any) -> None:
    generator = np.random.default_rng(n)
    for _ in range(6):
        pair = []
        for _ in range(2):
            confidence = (0.1 + 0.9 * generator.beta(3, 1, n)).astype(dtype)
            right = generator.random(n) < confidence
            labels = generator.integers(0, 10, n)
            prediction = np.where(right, labels, (labels + generator.integers(1, 10, n)) % 10)
            known = RawTopLabel(confidence, prediction=prediction, labels=labels)
            pair.append((known, RawTopLabel(confidence, right)))
        for raw, fit in zip(*pair, strict=True):
            diagnosis = doctor(raw, fit)
            assert diagnosis.worst in (None, "note"), str(diagnosis)
