"""Deferring the least sure rows, and acting on the positive class, counted row by row."""

from __future__ import annotations

import numpy as np
import pytest

from calibrant.calibrators import TemperatureScaling
from calibrant.metrics import METRICS
from calibrant.report.build import predictions_report
from tests.drawn_predictions import overconfident
from tests.report.reports import rows, small_report


def test_deferral_counts_rows_at_or_above_each_confidence() -> None:
    report, test = small_report(), rows(120, 3, seed=2)
    after = TemperatureScaling().fit(rows(150, 3, seed=1)).transform(test)
    found = report.deferral
    assert found.after_coverage is not None
    assert found.after_errors is not None
    assert list(found.threshold) == [number / 100 for number in range(101)]
    for probs, coverage, errors in (
        (test.probs(), found.before_coverage, found.before_errors),
        (after.probs(), found.after_coverage, found.after_errors),
    ):
        confidence, wrong = probs.max(axis=1), probs.argmax(axis=1) != test.labels
        for place, threshold in enumerate(found.threshold):
            decided = confidence >= threshold
            assert coverage[place] == pytest.approx(decided.mean())
            assert errors[place] == pytest.approx((decided & wrong).mean())
    assert found.aurc_before == METRICS["aurc"](test).value
    assert found.aurc_after == pytest.approx(METRICS["aurc"](after).value)


def test_decisions_on_the_positive_class() -> None:
    test = overconfident(200, 2)
    found = predictions_report(test).positive
    assert found is not None
    assert found.class_name == "1"
    assert found.after_false_positive is None
    probability, positive = test.probs()[:, 1], test.labels == 1
    for place, threshold in enumerate(found.threshold):
        acted = probability >= threshold
        assert found.before_false_positive[place] == pytest.approx(np.mean(acted & ~positive))
        assert found.before_false_negative[place] == pytest.approx(np.mean(~acted & positive))


def test_three_classes_have_no_positive_one() -> None:
    assert small_report().positive is None
