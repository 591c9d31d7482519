"""Evaluation and reliability of rows that have only their top label."""

from __future__ import annotations

import dataclasses

import pytest

from calibrant.analysis import evaluate, expected_ece_if_calibrated, reliability
from calibrant.errors import IncompatiblePredictions
from tests.drawn_predictions import overconfident
from tests.top_label_rows import image_net, outcomes_of

UNKNOWN = {"k", "nll", "brier", "classwise_ece", "classwise_l2_debiased", "ece_positive", "floored_rows"}
FULL = overconfident(500, 4, weighted=True)


def test_what_is_known_is_that_of_the_full_rows() -> None:
    found, wanted = evaluate(outcomes_of(FULL)), evaluate(FULL)
    for field in dataclasses.fields(found):
        value, full = getattr(found, field.name), getattr(wanted, field.name)
        if field.name in UNKNOWN:
            assert value is None, field.name
        elif isinstance(value, dict):
            assert value == {name: full[name] for name in value}, field.name
            assert set(full) - set(value) <= UNKNOWN, field.name
        else:
            assert value == full, field.name
    assert set(found.conventions) == {
        "accuracy",
        "mean_confidence",
        "confidence_gap",
        "ece",
        "ece_l2_debiased",
        "mce",
        "rmsce",
    }
    assert set(found.intervals) == {"accuracy", "mean_confidence", "confidence_gap", "ece", "ece_l2_debiased"}
    assert found.expected_if_calibrated["ece"] == expected_ece_if_calibrated(FULL)


def test_json_says_null_and_the_text_leaves_it_out() -> None:
    evaluation = evaluate(outcomes_of(FULL))
    content, text = evaluation.to_json(), str(evaluation)
    assert {name for name, value in content.items() if value is None} == UNKNOWN - {"ece_positive"}
    assert "ece_positive" not in content
    assert text.startswith("500 rows, top label only\n")
    assert "ECE, top-label" in text
    for word in ("log-loss", "Brier", "class-wise", "None"):
        assert word not in text
    assert "log-loss" in str(evaluate(FULL))


@pytest.mark.parametrize("scheme", ["equal-width", "equal-mass"])
def test_the_bins_are_those_of_the_full_rows(scheme: str) -> None:
    found = reliability(outcomes_of(FULL), scheme=scheme, bins=7)  # type: ignore[arg-type]
    assert found.to_json() == reliability(FULL, scheme=scheme, bins=7).to_json()  # type: ignore[arg-type]


def test_one_class_needs_all() -> None:
    with pytest.raises(IncompatiblePredictions, match="probabilities of all classes"):
        reliability(outcomes_of(FULL), class_index=1)


@pytest.mark.data
def test_a_published_network() -> None:
    evaluation, table = evaluate(image_net()), reliability(image_net())
    assert evaluation.accuracy == pytest.approx(0.77138, abs=1e-12)
    assert evaluation.intervals["accuracy"].low < 0.77138 < evaluation.intervals["accuracy"].high
    assert evaluation.ece == pytest.approx(table.ece, rel=1e-12)
    assert evaluation.ece > 10 * evaluation.expected_if_calibrated["ece"].high
    assert table.n.sum() == 50_000
