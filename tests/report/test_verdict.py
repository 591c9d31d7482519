"""The verdict, in the words a reader meets."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from calibrant.analysis import Evaluation, evaluate
from calibrant.calibrators import TemperatureScaling
from calibrant.calibrators.temperature_fit import TemperatureFit
from calibrant.predictions import Predictions
from calibrant.report import Verdict, verdict
from tests.report.conftest import birds_and_cats


def judged(too_large: float) -> Verdict:
    calibrator = TemperatureScaling().fit(birds_and_cats(1, too_large=too_large))
    test = birds_and_cats(2, too_large=too_large)
    assert calibrator.fit_ is not None
    return verdict(evaluate(test), evaluate(calibrator.transform(test)), calibrator.fit_)


def test_an_over_confident_net(before: Evaluation, after: Evaluation, calibrator: TemperatureScaling) -> None:
    words = judged(2.0)
    points = 100 * (before.mean_confidence - before.accuracy)
    assert words.headline == (
        f"The network is over-confident by {points:.1f} points: on 2,000 test rows it is "
        f"{before.mean_confidence:.1%} sure on average and right {before.accuracy:.1%} of the time."
    )
    assert f"T = {calibrator.temperature_:.3f} ±" in words.repair
    assert "softens" in words.repair
    assert f"The ECE falls from {before.ece:.4f} to {after.ece:.4f}, within the" in words.repair
    assert "it is at the noise floor." in words.repair
    assert words.repair.endswith(f"The accuracy stays {after.accuracy:.1%}.")


def test_an_under_confident_net() -> None:
    words = judged(0.4)
    assert "under-confident by" in words.headline
    assert "sharpens" in words.repair


def test_a_calibrated_net() -> None:
    words = judged(1.0)
    assert "calibrated as far as these rows can show" in words.headline
    assert "cannot be told from 1" in words.repair


def test_gaps_that_cancel_out_are_not_called_calibrated() -> None:
    confidence = np.repeat([0.6, 0.9], 500)
    right = np.concatenate([np.arange(500) < 450, np.arange(500) < 300])
    rows = evaluate(Predictions.from_probs(confidence, right))
    words = verdict(rows, rows, TemperatureFit(1.0, 0.1, 3, None, 0.5))
    assert "as sure as it is right only on average" in words.headline
    assert "ECE of 0.3000 shows gaps that cancel out" in words.headline
    assert "The ECE stays at 0.3000, still above the" in words.repair
    assert "one temperature does not repair all of it" in words.repair


@pytest.mark.parametrize(
    ("bound", "words"),
    [
        ("lower", "Every validation row is classified right"),
        ("upper", "no better than chance"),
        ("constant", "All logits of every validation row are equal"),
    ],
)
def test_a_temperature_at_a_bound_is_not_praised(
    before: Evaluation, after: Evaluation, bound: str, words: str
) -> None:
    fit = TemperatureFit(0.0002, None, 1, bound, 0.5)  # type: ignore[arg-type]
    repair = verdict(before, after, fit).repair
    assert repair.startswith((words, f"On the validation rows the scores are {words}"))
    assert "T = 0.0002" in repair
    assert "Dividing" not in repair


def test_a_rising_error_is_called_rising(before: Evaluation, after: Evaluation) -> None:
    repair = verdict(after, before, TemperatureFit(0.5, 0.01, 4, None, 0.5)).repair
    assert f"The ECE rises from {after.ece:.4f} to {before.ece:.4f}, still above" in repair


def test_an_error_below_the_expected_range_is_called_so(before: Evaluation, after: Evaluation) -> None:
    tiny = replace(after, ece=0.0001)
    assert "0.0001, below the" in verdict(before, tiny, TemperatureFit(2.0, 0.1, 4, None, 0.5)).repair


def test_the_verdict_reads_as_one_paragraph() -> None:
    assert str(Verdict("Head.", "Repair.")) == "Head. Repair."
