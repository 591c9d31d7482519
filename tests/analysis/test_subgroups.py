"""Groups of rows: their values, which are flagged, and how seldom a sound one is."""

from __future__ import annotations

import json
from functools import partial
from importlib import import_module

import numpy as np
import pytest

from calibrant.analysis import subgroups
from calibrant.analysis.groups_tested import groups_tested
from calibrant.analysis.holm import holm
from calibrant.errors import EmptyPredictions, InvalidArgument
from calibrant.metrics import METRICS
from calibrant.predictions import Predictions
from tests.drawn_predictions import overconfident_logits
from tests.real_predictions import predictions_of

NO_TEST_BY_LABEL = "a calibrated classifier is not calibrated among the rows of one true class"


def drawn(sizes: list[int], temperatures: list[float], *, seed: int = 0, k: int = 3) -> Predictions:
    """Rows of groups "0", "1", …, each with labels drawn at a temperature of its own."""
    parts = [
        overconfident_logits(size, k, seed=100 * seed + place, temperature=temperature)
        for place, (size, temperature) in enumerate(zip(sizes, temperatures, strict=True))
    ]
    names = np.repeat(np.arange(len(sizes)), sizes)
    return Predictions.from_logits(
        np.concatenate([logits for logits, _ in parts]),
        np.concatenate([labels for _, labels in parts]),
        groups=names,
    )


@pytest.mark.parametrize("by", ["groups", "predicted", "class"])
@pytest.mark.parametrize("metric", METRICS)
def test_every_metric_of_every_group_is_that_of_its_rows_alone(metric: str, by: str) -> None:
    rows = drawn([40, 60, 50], [1.0, 2.0, 3.0])
    found = subgroups(rows, metric, by=by)  # type: ignore[arg-type]
    assert rows.groups is not None
    column = {"groups": rows.groups, "class": rows.labels, "predicted": rows.scores.argmax(axis=1)}[by]
    assert [group.name for group in found.groups] == ["0", "1", "2"]
    assert found.overall == METRICS[metric](rows)
    for group in found.groups:
        alone = rows.take(column == int(group.name))
        assert group.n == alone.n
        assert group.share == pytest.approx(alone.n / 150)
        assert group.value == METRICS[metric](alone).value
        assert group.confidence_gap == METRICS["confidence_gap"](alone).value


def test_the_worst_group_is_named_in_a_sentence() -> None:
    found = subgroups(drawn([300, 300, 300], [1.0, 4.0, 1.0]), "ece")
    assert [group.name for group in found.significant] == ["1"]
    value, gap = found.groups[1].value, found.groups[1].confidence_gap
    assert value is not None
    assert gap is not None
    assert gap > 0.1
    assert found.conclusion == (
        f"Worst: 1, whose ece is {value:.4f} on 300 rows ({found.overall.value:.4f} on all rows), mean "
        f"confidence {gap:.4f} above accuracy, adjusted p-value {found.groups[1].adjusted_p_value:.2g}. "
        "1 of 3 tested groups miscalibrated beyond chance (Kuiper's test with Holm's correction, 0.05 "
        "family-wise)."
    )


def test_underconfidence_is_called_so() -> None:
    found = subgroups(drawn([400, 400], [0.3, 1.0]))
    assert "below accuracy" in found.conclusion
    assert found.significant[0].name == "0"


@pytest.mark.parametrize(("metric", "worst"), [("accuracy", "2"), ("ece", "2"), ("confidence_gap", "2")])
def test_the_worst_is_the_one_farthest_from_the_best_value(metric: str, worst: str) -> None:
    found = subgroups(drawn([900, 200, 200], [2.0, 4.0, 9.0]), metric)
    assert len(found.significant) == 3
    assert found.significant[0].name == worst
    assert found.to_json()["worst"] == worst


def test_the_p_values_are_adjusted_for_the_groups_that_were_tested() -> None:
    found = subgroups(drawn([100, 20, 200, 150], [1.5, 5.0, 1.2, 1.0]))
    assert [group.name for group in found.tested] == ["0", "2", "3"]
    raw = [group.test.p_value for group in found.tested if group.test]
    np.testing.assert_allclose([group.adjusted_p_value for group in found.tested], holm(raw))


def test_a_family_of_sound_groups_is_seldom_flagged() -> None:
    alarms = 0
    for seed in range(120):
        generator = np.random.default_rng(seed)
        sizes = generator.integers(30, 90, 20).tolist()
        rows = drawn(sizes, [1.0] * 20, seed=seed)
        alarms += bool(subgroups(rows, "accuracy", seed=seed).significant)
    assert alarms <= 13  # 6 are expected at most, more than 13 in 0.3 % of repetitions


def test_one_bad_group_among_twenty_is_found() -> None:
    for seed in range(10):
        rows = drawn([100] * 20, [1.0] * 7 + [5.0] + [1.0] * 12, seed=seed)
        assert "7" in [group.name for group in subgroups(rows, seed=seed).significant]


def test_true_classes_are_measured_but_not_tested() -> None:
    found = subgroups(drawn([400], [1.0]), by="class")
    assert found.tested == found.significant == ()
    assert {group.not_tested for group in found.groups} == {NO_TEST_BY_LABEL}
    assert found.conclusion == f"No group was tested: {NO_TEST_BY_LABEL}."


def test_predicted_classes_of_a_calibrated_classifier_pass() -> None:
    found = subgroups(drawn([3000], [1.0]), by="predicted")
    assert len(found.tested) == 3
    assert found.significant == ()
    assert found.conclusion == (
        "None of 3 tested groups is miscalibrated beyond chance (Kuiper's test with Holm's correction, 0.05 "
        "family-wise)."
    )


def test_small_groups_are_shown_but_not_tested() -> None:
    rows = drawn([29, 30], [9.0, 9.0])
    small, large = subgroups(rows).groups
    assert (small.test, small.adjusted_p_value, small.not_tested) == (None, None, "fewer than 30 rows")
    assert small.value is not None
    assert large.test is not None
    assert "not tested: fewer than 30 rows" in str(subgroups(rows))
    assert len(subgroups(rows, fewest_rows=29).tested) == 2
    assert subgroups(rows, fewest_rows=31).conclusion == "No group was tested: fewer than 31 rows."


def test_a_metric_of_one_class_is_tested_by_that_class() -> None:
    """Class 1 is predicted at 0.6 and 0.4 and comes half the time: as the top label that cancels."""
    probs, labels = [0.6] * 400 + [0.4] * 400, [1] * 320 + [0] * 80 + [1] * 320 + [0] * 80
    rows = Predictions.from_probs(probs, labels, groups=["all"] * 800)
    (positive,), (top,) = subgroups(rows, "ece_positive").groups, subgroups(rows, "accuracy").groups
    assert positive.test is not None
    assert top.test is not None
    assert positive.test.statistic != top.test.statistic


def test_weights_count_as_rows() -> None:
    rows = drawn([40, 25], [1.0, 1.0])
    doubled = Predictions.from_logits(
        rows.scores, rows.labels, groups=rows.groups, sample_weight=np.full(65, 2.0)
    )
    twice = rows.take(np.repeat(np.arange(65), 2))
    weighted, repeated = subgroups(doubled, "nll"), subgroups(twice, "nll")
    assert len(weighted.tested) == 2
    for one, other in zip(weighted.groups, repeated.groups, strict=True):
        assert one.test == other.test
        assert one.share == other.share
        assert one.value == pytest.approx(other.value, rel=1e-12)


def test_a_group_without_weight_has_no_value() -> None:
    rows = Predictions.from_probs(
        [0.9] * 60, [1] * 60, groups=["a"] * 30 + ["b"] * 30, sample_weight=[1.0] * 30 + [0.0] * 30
    )
    empty = subgroups(rows).groups[1]
    assert (empty.value, empty.share, empty.not_tested) == (None, 0.0, "all rows weigh 0")
    assert subgroups(rows).to_json()["groups"][1]["value"] is None
    with pytest.raises(EmptyPredictions):
        subgroups(Predictions.from_probs([0.9], [1], groups=["a"], sample_weight=[0.0]))


def test_intervals_stand_in_the_table_where_there_are_any() -> None:
    rows = drawn([100, 100], [1.0, 2.0])
    assert "95% interval" in str(subgroups(rows, "accuracy"))
    assert "interval" not in str(subgroups(rows, "ece"))
    interval = subgroups(rows, "accuracy", level=0.9).groups[0].interval
    assert interval is not None
    assert (interval.method, interval.level) == ("wilson", 0.9)


def test_the_table_begins_with_the_worst_and_marks_it() -> None:
    lines = str(subgroups(drawn([300, 300, 300], [1.0, 4.0, 1.0]), "ece")).splitlines()
    assert lines[0].split() == [
        "group",
        "rows",
        "share",
        "ece",
        "confidence",
        "-",
        "accuracy",
        "p-value",
        "adjusted",
    ]
    assert lines[1].split()[:3] == ["1", "300", "33.3%"]
    assert lines[1].endswith("*")
    assert not any(line.endswith("*") for line in lines[2:])
    assert lines[-1].startswith("Worst: 1,")


def test_a_long_table_is_cut_and_says_so() -> None:
    rows = drawn([2] * 50, [1.0] * 50)
    text = str(subgroups(rows, "brier"))
    assert "10 more groups, nearer to the best value" in text
    assert len(text.splitlines()) == 1 + 40 + 2
    assert len(subgroups(rows, "brier").to_json()["groups"]) == 50


def test_json_reads_back() -> None:
    found = subgroups(drawn([100, 10], [3.0, 1.0]), "tace")
    content = json.loads(json.dumps(found.to_json(), allow_nan=False))
    assert content == found.to_json()
    assert content["metric"] == "tace"
    assert content["convention"]["threshold"] == 0.01
    assert [group["name"] for group in content["groups"]] == ["0", "1"]


def test_a_seed_repeats() -> None:
    rows = drawn([60, 60], [1.3, 1.6])
    assert subgroups(rows, seed=4) == subgroups(rows, seed=4)
    assert len({str(subgroups(rows, seed=seed).to_json()) for seed in range(4)}) > 1


@pytest.mark.parametrize(
    ("words", "message"),
    [
        ({"metric": "eec"}, "there is no metric 'eec'; metrics: accuracy, mean_confidence"),
        ({"by": "label"}, "by must be"),
        ({"level": 95.0}, "level must lie between 0 and 1"),
        ({"fewest_rows": 0}, "fewest_rows must be at least 1; got 0"),
    ],
)
def test_what_cannot_be_asked(words: dict[str, object], message: str) -> None:
    with pytest.raises(InvalidArgument, match=message):
        subgroups(drawn([10], [1.0]), **words)  # type: ignore[arg-type]


@pytest.mark.data
def test_predicted_classes_of_a_real_net() -> None:
    found = subgroups(predictions_of("c10-resnet50-cross-entropy", "test"), "ece", by="predicted")
    assert sum(group.n for group in found.groups) == 10_000
    assert len(found.significant) == 10
    assert all((group.confidence_gap or 0.0) > 0 for group in found.significant)
    assert found.significant[0].value == max(group.value or 0.0 for group in found.groups)


def test_more_groups_than_are_measured_are_refused() -> None:
    rows = Predictions.from_probs(np.full(5_001, 0.9), np.ones(5_001, dtype=int), groups=np.arange(5_001))
    with pytest.raises(InvalidArgument, match=r"5,001 groups, and at most 5,000 .* single rows"):
        subgroups(rows)


def test_where_testing_all_would_draw_too_much_the_largest_groups_are_tested(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    within = partial(groups_tested, most=40 * 2 * 150)
    monkeypatch.setattr(import_module("calibrant.analysis.subgroups"), "groups_tested", within)
    found = subgroups(drawn([60, 80, 20, 70], [1.0, 4.0, 1.0, 1.0]))
    assert [group.name for group in found.tested] == ["1", "3"]
    assert found.groups[0].not_tested is not None
    assert found.groups[0].not_tested.startswith("testing more groups than the largest would draw")
    assert found.groups[2].not_tested == "fewer than 30 rows"
    assert found.groups[0].value is not None
