"""The verdict, in the words a reader meets."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from calibrant.analysis import Difference, Evaluation, evaluate
from calibrant.calibrators import TemperatureScaling
from calibrant.predictions import Predictions
from calibrant.report.model import Advice, Verdict
from calibrant.report.verdict import Better, Repair, verdict
from tests.report.conftest import birds_and_cats


def judged(too_large: float) -> Verdict:
    calibrator = TemperatureScaling().fit(birds_and_cats(1, too_large=too_large))
    test = birds_and_cats(2, too_large=too_large)
    after = evaluate(calibrator.transform(test))
    return verdict(evaluate(test), Repair(f"Temperature {calibrator.temperature_:.2f}", after))


def test_over_confident_probabilities(before: Evaluation, after: Evaluation) -> None:
    words = judged(2.0)
    gap, interval = before.mean_confidence - before.accuracy, before.intervals["confidence_gap"]
    assert words.headline == (
        f"These probabilities are over-confident by {100 * gap:.1f} points "
        f"(95 % interval {100 * interval.low:.1f} to {100 * interval.high:.1f})."
    )
    assert words.gap == pytest.approx(gap)
    assert (words.interval.low, words.interval.high) == (interval.low, interval.high)
    assert words.repair.startswith("Temperature 2.")
    assert "repairs that as far as these rows can show" in words.repair
    assert f"The ECE falls from {before.ece:.4f} to {after.ece:.4f}, within the" in words.repair
    assert "accuracy moves" not in words.repair


def test_under_confident_probabilities_have_an_interval_the_same_way_round() -> None:
    test = birds_and_cats(2, too_large=0.4)
    headline = judged(0.4).headline
    interval = evaluate(test).intervals["confidence_gap"]
    assert headline.startswith("These probabilities are under-confident by ")
    assert f"interval {-100 * interval.high:.1f} to {-100 * interval.low:.1f})" in headline


def test_calibrated_probabilities() -> None:
    words = judged(1.0)
    assert "calibrated as far as these rows can show" in words.headline
    assert "keeps the balance" in words.repair


def test_gaps_that_cancel_out_are_not_called_calibrated() -> None:
    confidence = np.repeat([0.6, 0.9], 500)
    right = np.concatenate([np.arange(500) < 450, np.arange(500) < 300])
    rows = evaluate(Predictions.from_probs(confidence, right))
    words = verdict(rows, Repair("Temperature 1.00", rows))
    assert "as sure as they are right only on average" in words.headline
    assert "their ECE of 0.3000 shows gaps that cancel out" in words.headline
    assert "The ECE stays at 0.3000, still above the" in words.repair


@pytest.mark.parametrize(
    ("bound", "words"),
    [
        ("lower", "Every fitting row is classified right"),
        ("upper", "no better than chance"),
        ("constant", "All logits of every fitting row are equal"),
    ],
)
def test_a_temperature_at_a_bound_is_not_praised(
    before: Evaluation, after: Evaluation, bound: str, words: str
) -> None:
    repair = verdict(before, Repair("Temperature 0.0002", after, bound=bound)).repair  # type: ignore[arg-type]
    assert words in repair.partition(". ")[0] + repair
    assert repair.index(words) < repair.index("Temperature 0.0002")


def test_a_calibrator_that_makes_it_worse_is_called_so(before: Evaluation, after: Evaluation) -> None:
    loss = Difference(0.25, 0.2, 0.3)
    repair = verdict(after, Repair("Vector scaling", before, loss)).repair
    assert repair.startswith(
        "Vector scaling makes it worse: the log-loss is higher by 0.2500 nats a row "
        "(95 % interval 0.2000 to 0.3000), and the probabilities are then over-confident by "
    )
    assert f"The ECE rises from {after.ece:.4f} to {before.ece:.4f}, above the" in repair


@pytest.mark.parametrize(
    ("too_large", "words"),
    [
        (1.3, "repairs most of it: "),
        (1.75, "repairs part of it: "),
        (2.0, "changes little of it: "),
        (3.0, "makes the gap larger: "),
        (0.3, "overdoes it: the probabilities are then under-confident by "),
    ],
)
def test_how_much_is_repaired(before: Evaluation, too_large: float, words: str) -> None:
    after = evaluate(birds_and_cats(2, too_large=too_large))
    repair = verdict(before, Repair("Temperature 1.50", after)).repair
    assert repair.startswith(f"Temperature 1.50 {words}")
    if too_large > 1:
        gap = 100 * (after.mean_confidence - after.accuracy)
        assert f"{words}{gap:.1f} points (95 % interval" in repair


def test_a_better_method_is_named_with_its_interval(before: Evaluation, after: Evaluation) -> None:
    better = Better("Structured matrix scaling", Difference(-0.012, -0.0176, -0.0069))
    assert verdict(before, Repair("Temperature 2.00", after, better=better)).repair.endswith(
        "Structured matrix scaling is better still: the log-loss is lower by 0.0120 nats a row "
        "(95 % interval 0.0069 to 0.0176)."
    )


def test_a_calibrator_fitted_on_the_test_rows_flatters(before: Evaluation, after: Evaluation) -> None:
    repair = verdict(before, Repair("Temperature 2.00", after, of_test_rows=True)).repair
    assert repair.startswith("The calibrator was fitted on these very rows")


def test_an_error_below_the_expected_range_and_another_accuracy(
    before: Evaluation, after: Evaluation
) -> None:
    tiny = replace(after, ece=0.0001, accuracy=0.5)
    repair = verdict(before, Repair("Temperature 2.00", tiny)).repair
    assert "0.0001, below the" in repair
    assert f"The accuracy moves from {100 * before.accuracy:.2f} % to 50.00 %." in repair


def test_one_row_shows_nothing() -> None:
    words = verdict(evaluate(Predictions.from_probs([0.9], [1])))
    assert (words.interval.low, words.interval.high, words.repair) == (-1.0, 1.0, "")
    assert "as far as these rows can show" in words.headline


def test_a_gap_too_small_for_one_decimal_has_two() -> None:
    rows = Predictions.from_probs([0.7502] * 10_000, [1] * 7500 + [0] * 2500)
    assert "is 0.02 points (95 % interval −0.83 to 0.87)" in verdict(evaluate(rows)).headline


def test_advice_goes_along(before: Evaluation) -> None:
    advice = (Advice(text="Fit one.", command="calibrant fit val.npz -o calibrator.json"),)
    assert verdict(before, advice=advice).advice == advice
