"""The rows of the before/after table."""

from __future__ import annotations

from calibrant.analysis import Evaluation
from calibrant.report.comparison import comparison


def test_there_is_a_row_for_each_metric_in_the_order_of_the_tables(
    before: Evaluation, after: Evaluation
) -> None:
    assert [row.title for row in comparison(before, after)] == [
        "accuracy",
        "mean confidence",
        "confidence - accuracy",
        "log-loss (nats)",
        "Brier score (0 to 2)",
        "ECE, top-label",
        "debiased L2, top-label",
        "MCE, top-label",
        "RMSCE, top-label",
        "ECE, class-wise",
        "debiased L2, class-wise",
        "ECE, positive class",
    ]


def test_means_have_intervals_and_errors_an_expectation(before: Evaluation, after: Evaluation) -> None:
    rows = {row.title: row for row in comparison(before, after)}
    accuracy = before.intervals["accuracy"]
    assert rows["accuracy"].before.interval == f"{accuracy.low:.4f} to {accuracy.high:.4f}"
    assert rows["accuracy"].expected.value == ""
    assert rows["ECE, top-label"].after.value == f"{after.ece:.4f}"
    assert rows["ECE, top-label"].after.interval == ""
    assert rows["ECE, top-label"].expected.value == f"{after.expected_if_calibrated['ece'].mean:.4f}"
