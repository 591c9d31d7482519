"""Every class against the rest: the worst first, from one pass."""

from __future__ import annotations

import numpy as np
import pytest

from calibrant.analysis import reliability
from calibrant.metrics import CalibrationError
from calibrant.predictions import Predictions
from calibrant.report.build import predictions_report
from calibrant.report.markdown import as_markdown
from calibrant.report.text import as_text
from tests.drawn_predictions import overconfident
from tests.report.reports import rows, small_report


def test_rows_are_those_of_one_class_metrics_and_sorted_by_the_error_after() -> None:
    report, test = small_report(20), rows(120, 20, seed=2)
    assert len(report.classes) == 20
    errors = [row.ece_after for row in report.classes]
    assert errors == sorted(errors, key=lambda value: -(value or 0.0))
    probs, labels = test.probs(), test.labels
    predicted = probs.argmax(axis=1)
    for row in report.classes:
        index = int(row.name)
        metric = CalibrationError("one", notion="one-class", class_index=index)
        assert row.ece_before == pytest.approx(metric(test).value, abs=1e-12)
        assert row.n == np.count_nonzero(labels == index)
        assert row.frequency == pytest.approx(row.n / test.n)
        assert row.mean_probability == pytest.approx(probs[:, index].mean())
        assert row.recall == pytest.approx((predicted[labels == index] == index).mean())


def test_only_the_worst_have_diagrams_which_are_those_of_reliability() -> None:
    report, test = small_report(20), rows(120, 20, seed=2)
    assert [row.before is not None for row in report.classes] == [True] * 12 + [False] * 8
    worst = report.classes[0]
    table = reliability(test, class_index=int(worst.name))
    assert worst.before is not None
    assert worst.after is not None
    assert worst.before.ece == pytest.approx(table.ece, abs=1e-12)
    assert worst.before.outside is None
    assert [of.n for of in worst.before.bins] == table.n.tolist()
    assert worst.before.convention == str(table.convention)


def test_a_class_without_rows_has_no_recall() -> None:
    test = overconfident(60, 3)
    kept = test.take(test.labels != 1)
    row = next(row for row in predictions_report(kept).classes if row.name == "1")
    assert (row.n, row.frequency, row.recall) == (0, 0.0, None)


def test_without_a_calibrator_the_error_before_decides() -> None:
    errors = [row.ece_before for row in predictions_report(overconfident(90, 4)).classes]
    assert errors == sorted(errors, reverse=True)


def test_of_very_many_classes_the_worst_thousand_are_listed_and_the_others_counted() -> None:
    probs = np.full((2, 1_203), 0.1 / 1_202)
    probs[[0, 1], [7, 1_100]] = 0.9
    report = predictions_report(Predictions.from_probs(probs, [7, 3]), methods=())
    assert len(report.classes) == 1_000
    assert [row.name for row in report.classes[:2]] == ["3", "1100"]
    assert "203 more classes are better than these." in as_markdown(report)
    assert "1,191 more classes are better than these." in as_text(report)


def test_too_many_groups_are_left_out_in_words() -> None:
    probs, labels = np.full(5_001, 0.9), np.arange(5_001) % 2
    report = predictions_report(Predictions.from_probs(probs, labels, groups=np.arange(5_001)))
    assert report.groups is None
    assert "The rows name more than 5,000 groups, which are left out." in report.provenance.notes
