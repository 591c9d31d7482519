"""Every metric of soft labels: the expectation over one annotator a row, or a refusal in words."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings

from calibrant import metrics
from calibrant.errors import EmptyPredictions, IncompatiblePredictions
from calibrant.metrics import METRICS, MergeableMetric, Rows
from calibrant.predictions import Predictions, SoftLabelPredictions
from tests import oracle
from tests.drawn_predictions import logit_predictions, overconfident, overconfident_probs, prob_predictions
from tests.soft_label_rows import annotated, as_probs, one_hot, soft_label_predictions

REFUSING = {
    "ece_l2_debiased",
    "ece_l2_squared_debiased",
    "ece_l1_debiased",
    "classwise_ece_l2_debiased",
    "ece_l2_debiased_equal_mass",
}
TAKING = {name: metric for name, metric in METRICS.items() if name not in REFUSING}

LINEAR = ("accuracy", "nll", "brier", "confidence_gap", "top5_accuracy", "aurc")
"""Metrics that are linear in the outcomes, so that their mean over drawn labels is their value."""

every_taking = pytest.mark.parametrize("metric", TAKING.values(), ids=list(TAKING))


def test_every_metric_is_in_one_of_the_groups() -> None:
    assert (len(TAKING), len(REFUSING), len(METRICS)) == (28, 5, 33)


@pytest.mark.parametrize("name", sorted(REFUSING))
def test_what_rests_on_independent_labels_refuses(name: str) -> None:
    words = r"a debiased calibration error needs one label for each row.*counts\.argmax"
    with pytest.raises(IncompatiblePredictions, match=words):
        METRICS[name](annotated(20, 3))


@every_taking
@pytest.mark.parametrize("weighted", [False, True])
@pytest.mark.parametrize("kind", ["logits", "probs"])
def test_it_is_the_metric_of_rows_that_weigh_their_shares(metric: Any, kind: str, weighted: bool) -> None:
    rows = annotated(700, 6, weighted=weighted)
    rows = rows if kind == "logits" else as_probs(rows)
    assert metric(rows).value == pytest.approx(metric(rows.expanded()).value, rel=1e-12, abs=1e-12)


@given(rows=soft_label_predictions())
@settings(max_examples=15)
def test_of_any_few_rows_too(rows: SoftLabelPredictions) -> None:
    expanded = rows.expanded()
    for name, metric in TAKING.items():
        assert metric(rows).value == pytest.approx(metric(expanded).value, rel=1e-12, abs=1e-12), name


@given(rows=logit_predictions(masks=True) | prob_predictions())
@settings(max_examples=30)
def test_annotators_who_agree_are_a_label(rows: Predictions) -> None:
    soft = one_hot(rows)
    for name, metric in TAKING.items():
        assert metric(soft).value == pytest.approx(metric(rows).value, rel=1e-12, abs=1e-12), name


@every_taking
@pytest.mark.parametrize("build", [overconfident, overconfident_probs])
def test_annotators_who_agree_on_many_rows_are_labels(metric: Any, build: Callable[..., Any]) -> None:
    rows = build(5000, 7, weighted=build is overconfident)
    assert metric(one_hot(rows)).value == pytest.approx(metric(rows).value, rel=1e-12, abs=1e-12)


@every_taking
def test_the_convention_says_that_labels_are_soft(metric: Any) -> None:
    rows = annotated(30, 6)
    soft, hard = metric(rows).convention, metric(rows.take(range(30)).expanded()).convention
    assert (soft.labels, hard.labels, soft.n) == ("soft", None, 30)
    assert soft.to_json()["labels"] == "soft"
    assert str(soft).endswith("n = 30, soft labels")
    assert "labels" not in hard.to_json()


@every_taking
def test_of_rows_that_all_weigh_0_it_is_undefined(metric: Any) -> None:
    rows = SoftLabelPredictions.from_probs([0.5, 0.75], [[1, 1], [0, 2]], sample_weight=[0, 1])
    with pytest.raises(EmptyPredictions):
        metric(rows.take([0]))


@pytest.mark.parametrize(
    "metric", [each for each in TAKING.values() if isinstance(each, MergeableMetric)], ids=lambda m: m.name
)
def test_parts_merge_to_the_whole(metric: Any) -> None:
    rows = annotated(500, 6, weighted=True)
    parts = (rows.take(range(120)), rows.take(range(120, 500)))
    first, second = (metric.accumulate(Rows(part)) for part in parts)
    assert metric.finalise(first.merge(second)).value == pytest.approx(metric(rows).value, rel=1e-12)


@pytest.mark.parametrize("kind", ["logits", "probs"])
def test_the_means_are_those_of_the_definitions(kind: str) -> None:
    rows = annotated(400, 5) if kind == "logits" else as_probs(annotated(400, 5))
    p, q = oracle.probs_of(rows), rows.counts / rows.counts.sum(axis=1, keepdims=True)
    top = p.argmax(axis=1)
    assert metrics.accuracy(rows).value == pytest.approx(q[np.arange(400), top].mean(), rel=1e-14)
    loss = -(q * np.log(np.maximum(p, oracle.FLOOR))).sum(axis=1).mean()
    assert metrics.nll(rows).value == pytest.approx(loss, rel=1e-13)
    brier = ((p**2).sum(axis=1) - 2 * (q * p).sum(axis=1) + 1).mean()
    assert metrics.brier(rows).value == pytest.approx(brier, rel=1e-13)
    squared = ((p - q) ** 2).sum(axis=1).mean()
    assert brier - squared == pytest.approx((1 - (q**2).sum(axis=1)).mean(), rel=1e-12)


def test_the_mean_over_drawn_annotators_is_the_value() -> None:
    rows = annotated(200, 6)
    generator = np.random.default_rng(5)
    drawn = []
    for _ in range(200):
        labels = (generator.random((200, 1)) < rows.shares.cumsum(axis=1)).argmax(axis=1)
        one = Predictions.from_logits(rows.scores, labels)
        drawn.append([TAKING[name](one).value for name in LINEAR])
    off = np.mean(drawn, axis=0) - [TAKING[name](rows).value for name in LINEAR]
    assert (np.abs(off) <= 4 * np.std(drawn, axis=0) / np.sqrt(200)).all()


def test_rows_with_an_impossible_answer_are_counted() -> None:
    rows = SoftLabelPredictions.from_logits(
        [[0.0, -np.inf], [0.0, -np.inf], [0.0, -1e4], [0.0, 0.0]], [[1, 0], [3, 1], [1, 1], [1, 1]]
    )
    for each in (rows, as_probs(rows)):
        assert Rows(each).summary.floored.tolist() == [False, True, True, False]
        assert Rows(each).summary.nll[1] == pytest.approx(126 * np.log(2) / 4)


def test_another_temperature_is_divided_logits() -> None:
    rows = annotated(300, 6)
    divided = rows.with_scores(rows.scores / 1.7, "logits")
    for metric in TAKING.values():
        assert metric(Rows(rows, temperature=1.7)).value == pytest.approx(metric(divided).value, rel=1e-9)


@pytest.mark.parametrize(
    "measure",
    [
        metrics.auroc,
        metrics.brier_skill,
        metrics.nll_skill,
        metrics.calibration_in_the_large,
        metrics.calibration_index,
        metrics.calibration_slope,
        metrics.corp_decomposition,
        metrics.cumulative_test,
        metrics.hosmer_lemeshow,
        metrics.kernel_calibration_error,
        metrics.murphy_decomposition,
        metrics.spiegelhalter,
        lambda rows: metrics.ece_as(rows, "torchmetrics"),
    ],
)
def test_tests_decompositions_and_other_tools_refuse(measure: Callable[[Any], Any]) -> None:
    with pytest.raises(IncompatiblePredictions, match="needs one label for each row"):
        measure(annotated(50, 2))


def test_curves_take_shares() -> None:
    rows = annotated(300, 4)
    smooth, hard = metrics.smooth_reliability(rows), metrics.smooth_reliability(rows.expanded())
    np.testing.assert_allclose(smooth.accuracy, hard.accuracy, rtol=1e-9)
    assert smooth.convention.labels == "soft"
    curve, expanded = metrics.risk_coverage_curve(rows), metrics.risk_coverage_curve(rows.expanded())
    np.testing.assert_allclose(curve.risk, expanded.risk, rtol=1e-9, atol=1e-12)
    assert curve.convention.labels == "soft"
