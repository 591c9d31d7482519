"""The laws that every metric keeps, over the whole registry."""

import math
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from calibrant.errors import EmptyPredictions
from calibrant.metrics import (
    METRICS,
    Measurement,
    MergeableMetric,
    QuantileMetric,
    Rows,
    TallyMetric,
    WholeMetric,
)
from calibrant.predictions import Predictions
from tests.drawn_predictions import logit_predictions, overconfident, overconfident_probs, prob_predictions
from tests.predictions.tables import in_parts

MERGEABLE = {name: metric for name, metric in METRICS.items() if isinstance(metric, MergeableMetric)}
QUANTILE = {name: metric for name, metric in METRICS.items() if isinstance(metric, QuantileMetric)}
TALLY = {name: metric for name, metric in METRICS.items() if isinstance(metric, TallyMetric)}
WHOLE = {name: metric for name, metric in METRICS.items() if isinstance(metric, WholeMetric)}
PARTED = {**MERGEABLE, **QUANTILE, **TALLY}

every_metric = pytest.mark.parametrize("metric", METRICS.values(), ids=list(METRICS))
every_parted = pytest.mark.parametrize("metric", PARTED.values(), ids=list(PARTED))
every_mergeable = pytest.mark.parametrize("metric", MERGEABLE.values(), ids=list(MERGEABLE))
any_predictions = logit_predictions(masks=True) | prob_predictions()


def test_all_metrics_are_found() -> None:
    families = (MERGEABLE, QUANTILE, TALLY, WHOLE)
    assert [len(family) for family in families] == [20, 7, 5, 1]
    assert len(METRICS) == 33 == len({*PARTED, *WHOLE})
    assert [metric.name for metric in METRICS.values()] == list(METRICS)


@every_mergeable
@given(rows=any_predictions, data=st.data())
@settings(max_examples=25)
def test_any_split_merges_to_the_whole(metric: Any, rows: Predictions, data: st.DataObject) -> None:
    parts = data.draw(st.lists(st.integers(0, 3), min_size=rows.n, max_size=rows.n).map(np.array))
    states = [metric.accumulate(Rows(rows.take(parts == part))) for part in np.unique(parts)]
    states += [metric.empty] * data.draw(st.integers(0, 3))
    merged = metric.empty
    for state in data.draw(st.permutations(states)):
        merged = merged.merge(state)
    whole = metric(rows)
    assert metric.finalise(merged).value == pytest.approx(whole.value, rel=1e-12, abs=1e-12)
    assert metric.finalise(merged).convention == whole.convention


@every_mergeable
@pytest.mark.parametrize("weighted", [False, True])
def test_chunks_of_a_large_set_merge_to_the_whole(metric: Any, weighted: bool) -> None:
    rows = overconfident(10_000, 5, weighted=weighted)
    merged = metric.empty
    for part in np.array_split(np.arange(rows.n), 7):
        merged = merged.merge(metric.accumulate(Rows(rows.take(part))))
    assert metric.finalise(merged).value == pytest.approx(metric(rows).value, rel=1e-12)


TABLES = {
    "weighted": overconfident(900, 3, weighted=True),
    "some weigh 0": Predictions.from_logits(
        overconfident(900, 3).scores, overconfident(900, 3).labels, sample_weight=np.arange(900) % 4 // 2
    ),
    "unweighted": overconfident(900, 3),
    "ties": overconfident_probs(900, 2).with_scores(
        np.round(8 * overconfident_probs(900, 2).scores) / 8, "probs"
    ),
}


@every_parted
@pytest.mark.parametrize("rows", TABLES.values(), ids=list(TABLES))
def test_a_table_is_measured_part_by_part_by_work_that_can_be_sent(metric: Any, rows: Predictions) -> None:
    whole = metric(rows)
    for ends in ((), (500,), (1, 17, 500, 501)):
        over = metric.over(in_parts(rows, *ends))
        assert over.value == pytest.approx(whole.value, rel=1e-12, abs=1e-15)
        assert over.convention == whole.convention


@every_parted
def test_parts_that_weigh_0_count_for_nothing(metric: Any) -> None:
    rows = overconfident(40, 3)
    weighted = Predictions.from_logits(rows.scores, rows.labels, sample_weight=[0] * 20 + [1] * 20)
    expected = metric(rows.take(range(20, 40))).value
    assert metric.over(in_parts(weighted, 10, 20, 30)).value == pytest.approx(expected, rel=1e-12)
    with pytest.raises(EmptyPredictions, match=metric.name):
        metric.over(in_parts(weighted.take(range(20)), 10))


@every_mergeable
def test_merging_with_nothing_changes_nothing(metric: Any) -> None:
    state = metric.accumulate(Rows(overconfident(50, 3)))
    for merged in (state.merge(metric.empty), metric.empty.merge(state)):
        assert metric.finalise(merged) == metric.finalise(state)
    assert metric.empty.merge(metric.empty).n == 0


@every_mergeable
def test_of_no_rows_it_is_undefined(metric: Any) -> None:
    with pytest.raises(EmptyPredictions, match=f"{metric.name} of no rows"):
        metric.finalise(metric.empty)


@every_metric
def test_of_rows_that_all_weigh_0_it_is_undefined(metric: Any) -> None:
    rows = Predictions.from_logits([[1.0, 2.0], [2.0, 1.0]], [0, 1], sample_weight=[0, 1])
    with pytest.raises(EmptyPredictions, match=metric.name):
        metric(rows.take([0]))


@every_mergeable
def test_a_part_that_weighs_0_adds_nothing(metric: Any) -> None:
    rows = overconfident(40, 3)
    weighted = Predictions.from_logits(rows.scores, rows.labels, sample_weight=[0] * 20 + [1] * 20)
    first, second = (metric.accumulate(Rows(weighted.take(range(*ends)))) for ends in ((0, 20), (20, 40)))
    expected = metric(rows.take(range(20, 40))).value
    assert metric.finalise(first.merge(second)).value == pytest.approx(expected, rel=1e-12)


@every_metric
def test_a_perfect_predictor_reaches_the_best_value(metric: Any) -> None:
    labels = np.array([0, 1, 2, 2, 1, 0, 0])
    onehot = np.eye(3)[labels]
    with np.errstate(divide="ignore"):
        perfect = [
            Predictions.from_probs(onehot, labels),
            Predictions.from_logits(1000 * onehot, labels),
            Predictions.from_logits(np.log(onehot), labels),
        ]
    for rows in perfect:
        assert metric(rows).value == metric.best


@every_metric
@given(rows=any_predictions, random=st.randoms(use_true_random=False))
@settings(max_examples=25)
def test_row_order_is_irrelevant(metric: Any, rows: Predictions, random: Any) -> None:
    order = random.sample(range(rows.n), rows.n)
    assert metric(rows.take(order)).value == pytest.approx(metric(rows).value, rel=1e-12, abs=1e-12)


@every_metric
@pytest.mark.parametrize("weighted", [False, True])
def test_row_order_is_irrelevant_for_many_rows(metric: Any, weighted: bool) -> None:
    rows = overconfident(9000, 4, weighted=weighted)
    order = np.random.default_rng(3).permutation(rows.n)
    assert metric(rows.take(order)).value == pytest.approx(metric(rows).value, rel=1e-12, abs=1e-12)


@every_metric
@pytest.mark.parametrize("dtype", [np.float16, np.float32])
@pytest.mark.parametrize("kind", ["logits", "probs"])
def test_narrow_floats_give_the_numbers_of_their_values(metric: Any, kind: Any, dtype: Any) -> None:
    rows = (overconfident if kind == "logits" else overconfident_probs)(2000, 10)
    narrow = rows.with_scores(rows.scores.astype(dtype), kind)
    wide = rows.with_scores(narrow.scores.astype(np.float64), kind)
    assert metric(narrow).value == pytest.approx(metric(wide).value, rel=1e-12)


@every_metric
@pytest.mark.parametrize("dtype", [np.float16, np.float32])
def test_a_narrow_binary_probability_gives_the_number_of_its_value(metric: Any, dtype: Any) -> None:
    p = np.arange(101).astype(dtype) / 100
    labels = np.arange(101) % 2
    narrow, wide = (Predictions.from_probs(each, labels) for each in (p, p.astype(np.float64)))
    assert metric(narrow).value == pytest.approx(metric(wide).value, rel=1e-12)


@every_metric
@pytest.mark.parametrize("kind", ["logits", "probs"])
def test_whole_weights_are_repeated_rows(metric: Any, kind: str) -> None:
    rows = (overconfident if kind == "logits" else overconfident_probs)(500, 4)
    weight = np.random.default_rng(1).integers(0, 4, rows.n)
    build = Predictions.from_logits if kind == "logits" else Predictions.from_probs
    weighted = build(rows.scores, rows.labels, sample_weight=weight)
    repeated = rows.take(np.repeat(np.arange(rows.n), weight))
    assert metric(weighted).value == pytest.approx(metric(repeated).value, rel=1e-11, abs=1e-12)


@every_metric
@given(rows=any_predictions)
@settings(max_examples=40)
def test_values_are_finite_and_in_range(metric: Any, rows: Predictions) -> None:
    measurement = metric(rows)
    assert isinstance(measurement, Measurement)
    assert type(measurement.value) is float
    largest = {"nll": 126 * math.log(2), "brier": 2.0}.get(metric.name, 1.0)
    smallest = {"confidence_gap": -1.0, "ece_l2_squared_debiased": -0.25, "ece_l1_debiased": -0.4}.get(
        metric.name, 0.0
    )
    assert smallest <= measurement.value <= largest + 1e-12


@every_metric
def test_the_result_says_what_it_means(metric: Any) -> None:
    measurement = metric(overconfident(25, 3))
    assert measurement.name == metric.name
    assert measurement.convention.n == 25
    assert len(measurement.convention.definition) > 10
    assert None not in measurement.convention.to_json().values()
    assert "n = 25" in str(measurement.convention)


@every_metric
def test_one_pass_serves_all(metric: Any) -> None:
    rows = overconfident(100, 3)
    assert metric(Rows(rows)) == metric(rows)


@every_metric
def test_other_temperatures_are_divided_logits(metric: Any) -> None:
    rows = overconfident(1000, 4)
    divided = rows.with_scores(rows.scores / 1.7, "logits")
    assert metric(Rows(rows, temperature=1.7)).value == pytest.approx(metric(divided).value, rel=1e-9)
