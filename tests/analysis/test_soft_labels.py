"""Questions asked of soft labels: expectations where there are any, and refusals in words elsewhere."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
import pytest

from calibrant import analysis
from calibrant.analysis import compare, evaluate, mean_intervals, reliability, sweep
from calibrant.errors import IncompatiblePredictions
from calibrant.metrics import METRICS
from tests.drawn_predictions import overconfident
from tests.soft_label_rows import annotated, one_hot

ROWS = annotated(800, 2, annotators=4)


def test_evaluate_measures_the_rows_that_weigh_their_shares() -> None:
    soft, hard = evaluate(ROWS), evaluate(ROWS.expanded())
    assert (soft.n, soft.k, hard.n) == (800, 2, ROWS.expanded().n)
    for name in soft.conventions:
        assert getattr(soft, name) == pytest.approx(getattr(hard, name), rel=1e-12), name
        assert soft.conventions[name].labels == "soft"
        assert soft.conventions[name].n == 800
    assert "800 rows, 2 classes, means over their annotators" in str(soft)
    assert "annotators" not in str(hard)


def test_means_have_intervals_and_errors_have_none() -> None:
    evaluation = evaluate(ROWS)
    assert set(evaluation.intervals) == {"accuracy", "mean_confidence", "confidence_gap", "nll", "brier"}
    assert evaluation.ece_l2_debiased is None
    assert evaluation.classwise_l2_debiased is None
    methods = {name: interval.method for name, interval in evaluation.intervals.items()}
    assert methods.pop("accuracy") == "wilson, by the spread of shares"
    assert set(methods.values()) == {"normal"}
    assert set(evaluation.expected_if_calibrated) == {"ece", "ece_positive"}
    intervals = mean_intervals(ROWS)
    assert intervals["accuracy"] == evaluation.intervals["accuracy"]
    assert intervals["nll"] == evaluation.intervals["nll"]


def test_the_interval_of_the_accuracy_is_as_wide_as_shares_vary() -> None:
    share = np.where(ROWS.scores[:, 1] > ROWS.scores[:, 0], ROWS.shares[:, 1], ROWS.shares[:, 0])
    half = 1.959963984540054 * share.std(ddof=1) / np.sqrt(800)
    interval = mean_intervals(ROWS)["accuracy"]
    normal = (share.mean() - half, share.mean() + half)
    assert (interval.low, interval.high) == pytest.approx(normal, abs=2e-3)


def test_annotators_who_agree_are_labels_but_for_the_intervals() -> None:
    rows = overconfident(300, 3)
    soft, hard = evaluate(one_hot(rows)), evaluate(rows)
    assert set(hard.conventions) - set(soft.conventions) == {"ece_l2_debiased", "classwise_l2_debiased"}
    for name in soft.conventions:
        assert getattr(soft, name) == pytest.approx(getattr(hard, name), rel=1e-12), name
    assert soft.floored_rows == hard.floored_rows
    for name in ("accuracy", "nll"):
        assert soft.intervals[name].low == pytest.approx(hard.intervals[name].low)
    # Labels vary as much as they can, so that both expectations agree but for the bins' own spread.
    soft_ece, hard_ece = (found.expected_if_calibrated["ece"].mean for found in (soft, hard))
    assert soft_ece == pytest.approx(hard_ece, rel=0.35)


@pytest.mark.parametrize("options", [{}, {"class_index": 1}, {"scheme": "equal-mass", "bins": 7}])
def test_bins_hold_rows_and_mean_shares(options: dict[str, Any]) -> None:
    table, expanded = reliability(ROWS, **options), reliability(ROWS.expanded(), **options)
    assert table.n.sum() == 800
    np.testing.assert_allclose(table.accuracy, expanded.accuracy, rtol=1e-12)
    assert table.ece == pytest.approx(expanded.ece, rel=1e-12)
    assert table.convention.labels == "soft"
    assert str(table).endswith("n = 800, soft labels)")


def test_a_sweep_measures_every_temperature() -> None:
    swept = sweep(ROWS, [1.0, 2.5])
    for index, temperature in enumerate((1.0, 2.5)):
        scaled = ROWS.with_scores(ROWS.scores / temperature, "logits")
        for name in ("ece", "nll", "brier"):
            found = getattr(swept, name)[index]
            assert found == pytest.approx(METRICS[name](scaled).value, rel=1e-9), name
    assert swept.conventions["nll"].labels == "soft"


@pytest.mark.parametrize(
    "ask",
    [
        analysis.calibration_test,
        analysis.consistency_band,
        analysis.conventions,
        analysis.ece_interval,
        analysis.l2_error_interval,
        analysis.minimum_detectable_error,
        analysis.spread_of,
        analysis.choose,
        compare,
        lambda rows: compare(overconfident(20, 2), rows),
        lambda rows: analysis.subgroups(rows, "accuracy", by="predicted"),
    ],
)
def test_what_rests_on_independent_labels_refuses(ask: Callable[[Any], Any]) -> None:
    with pytest.raises(IncompatiblePredictions, match="one label for each row"):
        ask(ROWS)
