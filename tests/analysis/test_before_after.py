"""Two evaluations of the same rows, side by side."""

from __future__ import annotations

from calibrant.analysis import BeforeAfter, before_after, evaluate
from calibrant.calibrators import TemperatureScaling, calibrator
from tests.drawn_predictions import overconfident


def test_both_sides_are_what_evaluate_gives() -> None:
    validation, test = overconfident(800, 3, seed=1), overconfident(800, 3, seed=2)
    scaling = TemperatureScaling().fit(validation)
    comparison = before_after(test, scaling)
    assert comparison.before == evaluate(test)
    assert comparison.after == evaluate(scaling.transform(test))
    assert comparison.after.ece < comparison.before.ece
    assert comparison.after.accuracy == comparison.before.accuracy


def test_a_calibrator_that_changes_nothing_shows_no_difference() -> None:
    rows = overconfident(100, 3)
    comparison = before_after(rows, calibrator("identity").fit(rows))
    assert comparison.before == comparison.after


def test_the_seed_is_that_of_the_noise_floor() -> None:
    rows = overconfident(100, 3)
    comparison = before_after(rows, TemperatureScaling(2.0), seed=5)
    assert comparison.before.expected_if_calibrated["ece"].seed == 5
    assert comparison.after.expected_if_calibrated["ece"].seed == 5


def test_the_json_holds_two_evaluations() -> None:
    comparison = before_after(overconfident(100, 2), TemperatureScaling(2.0))
    assert comparison.to_json() == {
        "schema": "calibrant.before-after/1",
        "before": comparison.before.to_json(),
        "after": comparison.after.to_json(),
    }


def test_the_table_lines_up() -> None:
    text = str(BeforeAfter(evaluate(overconfident(100, 2)), evaluate(overconfident(100, 2, seed=1))))
    first, header, *rows = text.splitlines()
    assert first == "100 rows, 2 classes"
    assert header.split("  ")[-1].strip() == "after"
    for title in ("before", "after"):
        end = header.index(title) + len(title)
        assert all(row[end - 5] == "." for row in rows)
    assert [row.split("  ")[0] for row in rows if "to" in row.split("  ")[-1]] == [
        "ECE, top-label",
        "ECE, class-wise",
        "ECE, positive class",
    ]


def test_three_classes_have_no_positive_one() -> None:
    assert "positive" not in str(before_after(overconfident(50, 3), TemperatureScaling(2.0)))
