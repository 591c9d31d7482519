"""The bin table: numbers by hand, both schemes, both views, CSV and JSON."""

from __future__ import annotations

import csv
import io
import json
from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given
from scipy.stats import binomtest

from calibrant.analysis import evaluate, reliability
from calibrant.errors import EmptyPredictions, InvalidArgument
from calibrant.metrics import METRICS
from calibrant.metrics.convention import Scheme
from calibrant.predictions import Predictions, Table, Whole
from tests import oracle
from tests.drawn_predictions import overconfident, prob_predictions
from tests.predictions.tables import in_parts

P = [0.0, 0.05, 0.1, 0.2, 0.35, 0.5, 0.65, 0.8, 0.95, 1.0]
Y = [1, 0, 0, 1, 0, 1, 0, 1, 1, 0]
TEN = Predictions.from_probs(P, Y)


def test_five_bins_of_the_positive_class_by_hand() -> None:
    table = reliability(TEN, bins=5, class_index=1)
    assert table.lower.tolist() == [0.0, 0.2, 0.4, 0.6, 0.8]
    assert table.upper.tolist() == [0.2, 0.4, 0.6, 0.8, 1.0]
    assert table.n.tolist() == [4, 1, 1, 2, 2]
    assert table.confidence.tolist() == pytest.approx([0.0875, 0.35, 0.5, 0.725, 0.975])
    assert table.accuracy.tolist() == pytest.approx([0.5, 0.0, 1.0, 0.5, 0.5])
    assert table.ece == pytest.approx((4 * 0.4125 + 0.35 + 0.5 + 2 * 0.225 + 2 * 0.475) / 10)
    assert table.mce == pytest.approx(0.5)


def test_the_ece_of_the_table_is_that_of_ten_bins() -> None:
    assert reliability(TEN, bins=10, class_index=1).ece == pytest.approx(0.43)
    assert reliability(TEN, bins=10).ece == pytest.approx(0.34)


def test_intervals_are_wilsons() -> None:
    table = reliability(overconfident(500, 3), level=0.9)
    assert table.level == 0.9
    for n, accuracy, low, high in zip(table.n, table.accuracy, table.low, table.high, strict=True):
        if n:
            expected = binomtest(round(n * accuracy), int(n)).proportion_ci(0.9, method="wilson")
            assert (low, high) == pytest.approx((expected.low, expected.high), abs=1e-12)


def test_equal_mass_bins_hold_as_many_rows_each() -> None:
    rows = overconfident(1000, 4)
    table = reliability(rows, scheme="equal-mass", bins=10)
    assert table.n.tolist() == [100] * 10
    assert (table.lower[1:] == table.upper[:-1]).all()
    confidence = rows.probs().max(axis=1)
    correct = rows.scores.argmax(axis=1) == rows.labels
    by_hand = oracle.equal_mass_table(confidence, correct, 10)
    assert table.ece == pytest.approx(oracle.error_of(by_hand), abs=1e-12)
    assert table.convention.scheme == "equal-mass"


def test_equal_mass_never_splits_ties() -> None:
    confidence = [0.6] * 6 + [0.7] * 2 + [0.9] * 2
    correct = [1, 1, 1, 0, 0, 1, 1, 0, 1, 1]
    rows = Predictions.from_probs([[1 - p, p] for p in confidence], correct)
    table = reliability(rows, scheme="equal-mass", bins=5)
    assert table.n.tolist() == [6, 2, 2]
    assert table.ece == pytest.approx(0.10)


def test_empty_bins_are_none_in_json_and_blank_in_csv() -> None:
    table = reliability(Predictions.from_probs([0.9, 0.95], [1, 0]), bins=4)
    assert table.n.tolist() == [0, 0, 0, 2]
    empty, full = table.to_json()["bins"][0], table.to_json()["bins"][3]
    assert empty == {
        "lower": 0.0,
        "upper": 0.25,
        "n": 0,
        "confidence": None,
        "accuracy": None,
        "low": None,
        "high": None,
    }
    assert full["accuracy"] == 0.5
    assert table.to_csv().splitlines()[1] == "0.0,0.25,0,,,,"


def test_csv_reads_back_to_the_same_numbers() -> None:
    table = reliability(overconfident(200, 3), class_index=2)
    rows = list(csv.DictReader(io.StringIO(table.to_csv())))
    assert list(rows[0]) == ["lower", "upper", "n", "confidence", "accuracy", "low", "high"]
    for name in ("lower", "upper", "confidence", "accuracy", "low", "high"):
        found = [float(row[name]) if row[name] else np.nan for row in rows]
        np.testing.assert_array_equal(found, getattr(table, name))
    assert [int(row["n"]) for row in rows] == table.n.tolist()


def test_json_reads_back_to_the_same_numbers() -> None:
    table = reliability(overconfident(200, 3), class_index=2)
    content = json.loads(json.dumps(table.to_json(), allow_nan=False))
    assert content == table.to_json()
    assert sorted(content) == ["bins", "convention", "ece", "level", "mce", "schema"]
    assert content["schema"] == "calibrant.reliability/1"
    assert content["convention"]["class_index"] == 2
    assert content["convention"]["notion"] == "one-class"


@given(rows=prob_predictions())
def test_every_row_is_in_one_bin_and_the_ece_is_that_of_evaluate(rows: Predictions) -> None:
    table, evaluation = reliability(rows), evaluate(rows)
    assert table.n.sum() == rows.n
    assert table.ece == evaluation.ece
    assert table.mce == evaluation.mce


def test_the_table_says_its_convention_in_the_words_of_the_metrics() -> None:
    rows = overconfident(50, 3)
    assert reliability(rows).convention.edges == evaluate(rows).conventions["ece"].edges
    massed = reliability(rows, scheme="equal-mass").convention
    assert massed.edges == METRICS["ece_equal_mass"](rows).convention.edges


def test_weights_count() -> None:
    rows = Predictions.from_probs([0.9, 0.9, 0.9], [1, 1, 0], sample_weight=[1, 1, 8])
    table = reliability(rows, bins=1)
    assert table.n.tolist() == [3]
    assert table.accuracy.tolist() == pytest.approx([0.2])
    assert table.ece == pytest.approx(0.7)


def test_the_text_lines_up() -> None:
    lines = str(reliability(TEN, bins=5, class_index=1)).splitlines()
    assert lines[0].split() == ["bin", "rows", "confidence", "accuracy", "gap", "95%", "of", "accuracy"]
    assert lines[1].split()[:6] == ["(0,", "0.2]", "4", "0.0875", "0.5000", "+0.4125"]
    column = lines[0].index("rows") + 3
    assert [line[column] for line in lines[1:6]] == ["4", "1", "1", "2", "2"]
    assert lines[6].startswith("ECE 0.3900, MCE 0.5000 (class 1, 5 equal-width bins")


@pytest.mark.parametrize(
    ("options", "message"),
    [
        ({"bins": 0}, "bins must be a whole number, at least 1; got 0"),
        ({"bins": 2.5}, "bins must be a whole number"),
        ({"class_index": 2}, "class"),
        ({"class_index": -1}, "class"),
        ({"scheme": "equal"}, "scheme must be 'equal-width' or 'equal-mass'; got 'equal'"),
        ({"level": 95}, "level must lie between 0 and 1"),
    ],
)
def test_what_cannot_be_asked(options: dict[str, object], message: str) -> None:
    with pytest.raises(InvalidArgument, match=message):
        reliability(TEN, **options)  # type: ignore[arg-type]


@pytest.mark.parametrize("class_index", [None, 1])
@pytest.mark.parametrize("scheme", ["equal-width", "equal-mass"])
@pytest.mark.parametrize("weighted", [False, True])
def test_rows_in_parts_give_the_bins_of_the_whole(
    class_index: int | None, weighted: bool, scheme: Scheme
) -> None:
    rows = overconfident(6_000, 3, weighted=weighted)
    whole = reliability(rows, class_index=class_index, scheme=scheme)
    parts = reliability(in_parts(rows, 1, 4_500), class_index=class_index, scheme=scheme)
    assert parts.n.tolist() == whole.n.tolist()
    assert parts.convention == whole.convention
    for name in ("lower", "upper", "weight", "confidence", "accuracy", "low", "high", "ece", "mce"):
        found, wanted = getattr(parts, name), getattr(whole, name)
        np.testing.assert_allclose(found, wanted, rtol=1e-12, atol=1e-12, err_msg=name)


def test_means_of_all_rows_count_weights() -> None:
    rows = overconfident(900, 3, weighted=True)
    for found, class_index in ((reliability(rows), None), (reliability(rows, class_index=2), 2)):
        probs = rows.probs()
        confidence = probs.max(axis=1) if class_index is None else probs[:, class_index]
        event = probs.argmax(axis=1) == rows.labels if class_index is None else rows.labels == class_index
        assert found.mean_confidence == pytest.approx(np.average(confidence, weights=rows.sample_weight))
        assert found.mean_accuracy == pytest.approx(np.average(event, weights=rows.sample_weight))


@pytest.mark.parametrize("scheme", ["equal-width", "equal-mass"])
def test_parts_of_no_weight_cannot_be_binned(scheme: Scheme) -> None:
    light = Whole(replace(overconfident(6, 3), sample_weight=np.zeros(6)))
    with pytest.raises(EmptyPredictions, match="all rows weigh 0"):
        reliability(Table([light, light], 3), scheme=scheme)
