"""`evaluate` under the conventions of other tools: their ECE, and everything beside it in their bins."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

from calibrant.analysis import evaluate
from calibrant.errors import EmptyPredictions, InvalidArgument
from calibrant.metrics import ece_as
from calibrant.metrics.foreign_tools import TOOLS
from calibrant.predictions import Predictions, TopLabelPredictions
from tests.cli.program import check_schema
from tests.drawn_predictions import overconfident, overconfident_probs
from tests.real_predictions import NETS, predictions_of
from tests.top_label_rows import image_net, outcomes_of

BINS = 12
ROWS = {
    "logits": overconfident(300, 5),
    "probs": overconfident_probs(300, 3),
    "binary": overconfident(300, 2),
    "float32": Predictions.from_logits(overconfident(300, 4).scores.astype(np.float32), np.arange(300) % 4),
    "weighted": overconfident(300, 3, weighted=True),
    "top label": outcomes_of(overconfident(300, 5)),
}


@pytest.mark.parametrize("rows", ROWS)
@pytest.mark.parametrize("tool", ["calibrant", *TOOLS])
def test_the_ece_is_that_of_the_tool(tool: str, rows: str) -> None:
    wanted = ece_as(ROWS[rows], tool, BINS)
    found = evaluate(ROWS[rows], convention=tool, bins=BINS)
    assert found.ece == wanted.value
    assert found.conventions["ece"] == wanted.convention
    assert found.convention == tool
    check_schema(found.to_json())


@pytest.mark.parametrize("tool", [name for name, tool in TOOLS.items() if tool.bins is not None])
def test_without_a_number_of_bins_it_is_the_tools_own(tool: str) -> None:
    rows = ROWS["logits"]
    assert evaluate(rows, convention=tool).ece == ece_as(rows, tool).value
    assert evaluate(rows, convention=tool).conventions["ece"].bins == TOOLS[tool].bins


@pytest.mark.data
@pytest.mark.parametrize("net", NETS)
def test_real_nets(net: str) -> None:
    rows = predictions_of(net, "test")
    for tool in TOOLS:
        found = evaluate(rows, convention=tool, bins=BINS)
        assert found.ece == ece_as(rows, tool, BINS).value
        assert found.expected_if_calibrated["ece"].high < 0.03


@pytest.mark.data
def test_real_top_labels() -> None:
    found = evaluate(image_net(), convention="torchmetrics")
    assert found.ece == ece_as(image_net(), "torchmetrics").value
    assert found.ece == pytest.approx(evaluate(image_net()).ece, abs=1e-4)


def test_the_largest_and_the_mean_square_gap_are_of_the_same_bins() -> None:
    rows = Predictions.from_probs([0.5, 0.6, 0.7, 0.9, 1.0, 1.0], [1, 1, 0, 1, 1, 0])
    # Five bins of torchmetrics: [.4, .6) {.5}, [.6, .8) {.6, .7}, [.8, 1) {.9}, {1} {1, 1}
    gaps, shares = np.array([0.5, 0.15, 0.1, 0.5]), np.array([1, 2, 1, 2]) / 6
    found = evaluate(rows, convention="torchmetrics", bins=5)
    assert found.ece == pytest.approx(shares @ gaps, abs=1e-6)
    assert found.mce == pytest.approx(0.5, abs=1e-6)
    assert found.rmsce == pytest.approx(np.sqrt(shares @ gaps**2), abs=1e-6)
    assert [found.conventions[name].norm for name in ("ece", "mce", "rmsce")] == ["l1", "max", "l2"]
    assert {found.conventions[name].edges for name in ("mce", "rmsce")} == {TOOLS["torchmetrics"].edges}


@pytest.mark.parametrize(
    "tool", ["torchmetrics", "netcal", "mapie", "scikit-learn-quantile", "uncertainty-calibration-em"]
)
def test_the_expectation_is_that_of_labels_drawn_row_by_row(tool: str) -> None:
    rows = overconfident(400, 3)
    probs = rows.probs()
    generator = np.random.default_rng(1)
    drawn = []
    for _ in range(500):
        labels = (probs.cumsum(axis=1) < generator.random((400, 1))).sum(axis=1).clip(0, 2)
        drawn.append(ece_as(Predictions.from_logits(rows.scores, labels), tool).value)
    found = evaluate(rows, convention=tool).expected_if_calibrated["ece"]
    assert found.mean == pytest.approx(np.mean(drawn), abs=5 * np.std(drawn) / np.sqrt(500))
    assert (found.low, found.high) == pytest.approx(np.quantile(drawn, [0.025, 0.975]), abs=0.006)


def test_means_stay_and_what_no_tool_says_is_left_out() -> None:
    rows = ROWS["logits"]
    ours, theirs = evaluate(rows), evaluate(rows, convention="netcal")
    for name in ("n", "k", "accuracy", "mean_confidence", "confidence_gap", "nll", "brier", "floored_rows"):
        assert getattr(theirs, name) == getattr(ours, name)
    assert (theirs.classwise_ece, theirs.ece_l2_debiased, theirs.ece_positive) == (None, None, None)
    assert set(theirs.intervals) == {"accuracy", "mean_confidence", "confidence_gap", "nll", "brier"}
    assert set(theirs.expected_if_calibrated) == {"ece"}


def test_of_two_classes_some_tools_measure_the_positive_one() -> None:
    rows = ROWS["binary"]
    netcal, torchmetrics, guo = (
        evaluate(rows, convention=tool) for tool in ("netcal", "torchmetrics", "guo")
    )
    assert netcal.ece == netcal.ece_positive == ece_as(rows, "netcal", class_index=1).value
    assert netcal.conventions["ece"].class_index == 1
    assert torchmetrics.ece_positive == ece_as(rows, "torchmetrics", class_index=1).value
    assert torchmetrics.ece != torchmetrics.ece_positive
    assert guo.ece_positive is None
    assert "MCE, positive class" in str(netcal)
    assert "top-label" not in str(netcal)
    assert "ECE, positive class" in str(torchmetrics)
    assert "positive" not in str(guo)


def test_a_tool_knows_no_weights() -> None:
    rows = ROWS["weighted"]
    assert isinstance(rows, Predictions)
    plain = Predictions.from_logits(rows.scores, rows.labels)
    weighted, unweighted = (evaluate(each, convention="relplot") for each in (rows, plain))
    assert weighted.ece == unweighted.ece
    assert weighted.expected_if_calibrated == unweighted.expected_if_calibrated
    assert weighted.accuracy != unweighted.accuracy


def test_the_table_says_whose_bins_these_are() -> None:
    first, second, third, header, *rows = str(evaluate(ROWS["logits"], convention="calzone")).splitlines()
    assert first == "300 rows, 5 classes"
    assert second == "ECE, MCE and RMSCE over the bins of calzone 0.1.0, calzone.metrics.calculate_ece_mce:"
    assert third == "10 equal-width bins (lo, hi] at numpy.linspace, rows at 0 left out"
    assert "if perfectly calibrated" in header
    assert [row.split("  ")[0] for row in rows][-3:] == [
        "ECE, top-label",
        "MCE, top-label",
        "RMSCE, top-label",
    ]


def test_other_bins_of_our_own() -> None:
    rows = ROWS["binary"]
    found = evaluate(rows, bins=7)
    for name in ("ece", "ece_l2_debiased", "mce", "rmsce", "classwise_ece", "ece_positive"):
        assert found.conventions[name].bins == 7
    assert found.ece == ece_as(rows, "calibrant", 7).value
    assert found.expected_if_calibrated["ece"].mean < evaluate(rows).expected_if_calibrated["ece"].mean
    assert str(found).startswith("300 rows, 2 classes, 7 bins\n")


@pytest.mark.parametrize(
    ("options", "message"),
    [
        ({"convention": "torchmetric"}, "there is no tool 'torchmetric'. Did you mean 'torchmetrics'?"),
        ({"convention": "?"}, "there is no tool '\\?'. Known: calibrant, guo"),
        ({"convention": "tensorflow-probability"}, "has no default number of bins: give bins"),
        ({"convention": "netcal", "bins": 0}, "bins must be a whole number, at least 1; got 0"),
        ({"bins": 0}, "bins must be a whole number, at least 1; got 0"),
    ],
)
def test_what_cannot_be_asked(options: dict[str, Any], message: str) -> None:
    with pytest.raises(InvalidArgument, match=message):
        evaluate(ROWS["logits"], **options)


def test_a_tool_that_leaves_all_rows_out() -> None:
    rows = TopLabelPredictions.from_correct(np.zeros(3), np.zeros(3, bool))
    with pytest.raises(EmptyPredictions, match="calzone leaves all rows out"):
        evaluate(rows, convention="calzone")
