"""The ECE as other tools compute it.

Golden values were measured with the tools themselves: torchmetrics 1.9.0, netcal 1.4.0,
uncertainty-calibration 0.1.4, MAPIE 1.6.0, calzone-tool 0.1.0, relplot 1.0.3, scikit-learn 1.9.1,
tensorflow-probability 0.25.0 and the class _ECELoss of temperature_scaling.py, commit 126a509.
"""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from calibrant.errors import EmptyPredictions, IncompatiblePredictions, InvalidArgument
from calibrant.metrics import Rows, ece
from calibrant.metrics.foreign_bins import torch_edges
from calibrant.metrics.foreign_ece import OURS, ece_as, measure_as
from calibrant.metrics.foreign_tools import TOOLS
from calibrant.metrics.foreign_view import foreign_view
from calibrant.predictions import Predictions, TopLabelPredictions
from tests.drawn_predictions import logit_predictions, overconfident, prob_predictions

POSITIVE = np.array([0, 0.05, 0.1, 0.2, 0.35, 0.5, 0.65, 0.8, 0.95, 1])
E1 = (np.stack([1 - POSITIVE, POSITIVE], axis=1), np.array([1, 0, 0, 1, 0, 1, 0, 1, 1, 0]))
E2 = (np.array([[0.05, 0.95], [0.0, 1.0]]), np.array([1, 0]))
M1 = (
    np.array(
        [
            [0.4, 0.3, 0.3],
            [0.6, 0.2, 0.2],
            [0.2, 0.6, 0.2],
            [0.1, 0.1, 0.8],
            [0, 0, 1],
            [0.5, 0.25, 0.25],
            [0.34, 0.33, 0.33],
            [0.05, 0.15, 0.8],
        ]
    ),
    np.array([0, 1, 1, 2, 0, 0, 2, 1]),
)
CONFIDENCE = np.array([0.6] * 6 + [0.7] * 2 + [0.9] * 2)
TIES = (np.stack([1 - CONFIDENCE, CONFIDENCE], axis=1), np.array([1, 1, 1, 0, 0, 1, 1, 0, 1, 1]))

TOP_LABEL: dict[str, dict[str, list[float]]] = {
    # E1 with 10 bins, E2 with 10, M1 with 5, ties with 5
    "float64": {
        "guo": [0.32, 0.475, 0.27, 0.1],
        "torchmetrics": [0.36, 0.525, 0.405, 0.02],
        "uncertainty-calibration": [0.34, 0.475, 0.27, 0.1],
        "uncertainty-calibration-em": [0.36, 0.525, 0.27, 0.1],
        "mapie": [0.32, 0.475, 0.32, 0.02],
        "calzone": [0.34, 0.475, 0.27, 0.1],
        "relplot": [0.36, 0.525, 0.355, 0.1],
        "scikit-learn": [0.34, 0.475, 0.27, 0.1],
        "scikit-learn-quantile": [0.36, 0.525, 0.32, 0.1],
    },
    "float32": {
        "guo": [0.34, 0.475, 0.27, 0.1],
        "torchmetrics": [0.36, 0.525, 0.405, 0.02],
        "uncertainty-calibration": [0.32, 0.475, 0.405, 0.02],
        "uncertainty-calibration-em": [0.36, 0.525, 0.27, 0.1],
        "mapie": [0.32, 0.475, 0.32, 0.02],
        "calzone": [0.32, 0.475, 0.405, 0.02],
        "relplot": [0.36, 0.525, 0.405, 0.02],
        "scikit-learn": [0.32, 0.475, 0.405, 0.02],
        "scikit-learn-quantile": [0.36, 0.525, 0.32, 0.1],
    },
}
CLASS_1: dict[str, dict[str, list[float]]] = {
    # E1 with 10 bins, E2 with 10, M1 with 5, ties with 5
    "float64": {
        "torchmetrics": [0.46, 0.525, 0.15375, 0.02],
        "netcal": [0.45, 0.475, 0.15375, 0.1],
        "uncertainty-calibration": [0.43, 0.475, 0.35375, 0.1],
        "uncertainty-calibration-em": [0.47, 0.525, 0.37875, 0.1],
        "mapie": [0.46, 0.475, 0.29125, 0.02],
        "calzone": [0.40, 0.475, 2.83 / 7, 0.1],
        "relplot": [0.46, 0.525, 0.15375, 0.1],
        "scikit-learn": [0.43, 0.475, 0.35375, 0.1],
        "scikit-learn-quantile": [0.47, 0.525, 0.23375, 0.1],
    },
    "float32": {
        "torchmetrics": [0.46, 0.525, 0.15375, 0.02],
        "netcal": [0.45, 0.475, 0.15375, 0.02],
        "uncertainty-calibration": [0.45, 0.475, 0.15375, 0.02],
        "uncertainty-calibration-em": [0.47, 0.525, 0.37875, 0.1],
        "mapie": [0.46, 0.475, 0.29125, 0.02],
        "calzone": [0.40, 0.475, 1.23 / 7, 0.02],
        "relplot": [0.46, 0.525, 0.15375, 0.02],
        "scikit-learn": [0.45, 0.475, 0.15375, 0.02],
        "scikit-learn-quantile": [0.47, 0.525, 0.23375, 0.1],
    },
}
SAMPLES = [(E1, 10), (E2, 10), (M1, 5), (TIES, 5)]


def near(value: float) -> Any:
    return pytest.approx(value, abs=3e-7)


@pytest.mark.parametrize("dtype", ["float32", "float64"])
@pytest.mark.parametrize("tool", TOP_LABEL["float64"])
def test_the_top_label_as_measured(tool: str, dtype: str) -> None:
    for ((probs, labels), bins), expected in zip(SAMPLES, TOP_LABEL[dtype][tool], strict=True):
        rows = Rows(Predictions.from_probs(probs.astype(dtype), labels))
        measured = measure_as(foreign_view(rows, None, "file"), TOOLS[tool], bins)
        assert measured.value == near(expected)
        assert measured.convention.notion == "top-label"


@pytest.mark.parametrize("dtype", ["float32", "float64"])
@pytest.mark.parametrize("tool", CLASS_1["float64"])
def test_class_1_as_measured(tool: str, dtype: str) -> None:
    for ((probs, labels), bins), expected in zip(SAMPLES, CLASS_1[dtype][tool], strict=True):
        rows = Predictions.from_probs(probs.astype(dtype), labels)
        assert ece_as(rows, tool, bins, class_index=1).value == near(expected)


def test_netcal_with_three_classes() -> None:
    """0.355 on float64, 0.405 on float32, where its edges are rounded."""
    probs, labels = M1
    assert ece_as(Predictions.from_probs(probs, labels), "netcal", 5).value == near(0.355)
    assert ece_as(Predictions.from_probs(probs.astype(np.float32), labels), "netcal", 5).value == near(0.405)


def test_netcal_weighs_one_set_of_bins_by_the_counts_of_another() -> None:
    """In float32 its means are of bins with rounded edges, its counts of bins with exact ones.

    The row at 0.9 is counted below the edge, where no mean is; netcal 1.4.0 answers 0.
    """
    rows = Predictions.from_probs(np.array([[0.1, 0.9]], np.float32), [0])
    assert ece_as(rows, "netcal", 10, class_index=1).value == 0.0
    assert ece_as(rows, "netcal", 10, class_index=1, precision="float64").value == near(0.9)


def test_tensorflow_probability_on_float32_logits() -> None:
    """0.32000002 for the logarithms of E1, with 10 bins; it refuses float64."""
    probs, labels = E1
    logits = np.log(np.maximum(probs, 2.0**-126)).astype(np.float32)
    rows = Predictions.from_logits(logits, labels)
    assert ece_as(rows, "tensorflow-probability", 10).value == near(0.32)


def test_numpy_counts_an_edge_upwards() -> None:
    probs, labels = E1
    assert ece_as(Predictions.from_probs(probs, labels), "numpy", 10, class_index=1).value == near(0.45)
    assert ece_as(Predictions.from_probs(probs, labels), "numpy", 10).value == near(0.32)


def test_what_a_tool_measures_by_itself() -> None:
    two = Predictions.from_probs(*E1)
    three = Predictions.from_probs(*M1)
    for name, tool in TOOLS.items():
        wanted = "one-class" if name in ("netcal", "scikit-learn", "scikit-learn-quantile") else "top-label"
        assert ece_as(two, name, 10).convention.notion == wanted == tool.two_classes
        assert ece_as(three, name, 10).convention.notion == "top-label"


def test_how_many_tools_there_are_and_their_own_numbers_of_bins() -> None:
    assert {name: tool.bins for name, tool in TOOLS.items()} == {
        "guo": 15,
        "torchmetrics": 15,
        "netcal": 10,
        "uncertainty-calibration": 15,
        "uncertainty-calibration-em": 15,
        "tensorflow-probability": None,
        "mapie": 50,
        "calzone": 10,
        "relplot": 10,
        "scikit-learn": 5,
        "scikit-learn-quantile": 5,
        "numpy": 10,
    }


def test_the_convention_says_whose_it_is() -> None:
    rows = Predictions.from_probs(*E1)
    measured = ece_as(rows, "calzone", class_index=1)
    convention = measured.convention
    assert (measured.name, convention.bins, convention.n, convention.class_index) == ("ece", 10, 9, 1)
    assert "as calzone cuts" in convention.definition
    assert str(convention) == (
        "class 1, 10 equal-width bins (lo, hi] at numpy.linspace, rows at 0 left out, l1, n = 9"
    )


def test_calibrant_is_the_default_convention() -> None:
    rows = overconfident(300, 4, weighted=True)
    assert ece_as(rows, OURS) == ece(rows)
    assert ece_as(rows, OURS, 7, class_index=2) == ece(rows, bins=7, notion="one-class", class_index=2)


def test_the_tools_know_no_weights() -> None:
    weighted = overconfident(300, 2, weighted=True)
    plain = overconfident(300, 2)
    for name in TOOLS:
        assert ece_as(weighted, name, 10).value == ece_as(plain, name, 10).value
    assert ece_as(weighted, OURS).value != ece_as(plain, OURS).value


def test_a_temperature_is_applied_first() -> None:
    rows = overconfident(300, 4)
    halved = Predictions.from_logits(rows.scores / 2, rows.labels)
    for name in TOOLS:
        assert ece_as(Rows(rows, temperature=2.0), name, 10).value == ece_as(halved, name, 10).value


def test_rows_of_the_top_label_alone() -> None:
    rows = overconfident(300, 4)
    probs = rows.probs()
    alone = TopLabelPredictions.from_labels(probs.max(axis=1), probs.argmax(axis=1), rows.labels)
    for name in TOOLS:
        assert ece_as(alone, name, 10).value == pytest.approx(ece_as(rows, name, 10).value, abs=1e-6)
    with pytest.raises(IncompatiblePredictions, match="only the top label is known"):
        ece_as(alone, "netcal", class_index=1)


def test_a_long_sum_in_float32_loses_digits_as_in_torchmetrics() -> None:
    """From 2^18 on, each 0.99 that is added in float32 is rounded to 1: the error is no longer 0.01."""
    rows = TopLabelPredictions.from_correct(np.full(2**20, 0.99), np.ones(2**20, np.bool_))
    assert ece_as(rows, "guo").value == pytest.approx(0.01)
    assert ece_as(rows, "torchmetrics").value < 0.005
    assert ece_as(rows, "calzone").value == pytest.approx(0.01)
    assert ece_as(rows, "calzone", precision="float32").value < 0.005


@pytest.mark.parametrize("dtype", [np.float32, np.float64])
def test_edges_of_torch(dtype: Any) -> None:
    torch = pytest.importorskip("torch")
    names = {np.float32: torch.float32, np.float64: torch.float64}
    for bins in [*range(1, 130), 1000, 10_000]:
        expected = torch.linspace(0, 1, bins + 1, dtype=names[dtype]).numpy()
        np.testing.assert_array_equal(torch_edges(bins, np.dtype(dtype)), expected)


@given(
    st.one_of(logit_predictions(masks=True), prob_predictions()),
    st.sampled_from(sorted(TOOLS)),
    st.integers(1, 60),
    st.sampled_from(["file", "float32", "float64"]),
)
def test_every_tool_gives_a_fraction_or_leaves_all_rows_out(
    predictions: Predictions, tool: str, bins: int, precision: Any
) -> None:
    try:
        measured = ece_as(predictions, tool, bins, precision=precision)
    except EmptyPredictions:
        assert tool in ("calzone", "mapie")
        return
    assert 0 <= measured.value <= 1 + 1e-6
    assert 1 <= measured.convention.n <= predictions.n


def test_where_all_rows_are_left_out() -> None:
    rows = Predictions.from_probs([0.0, 0.0], [0, 1])
    with pytest.raises(EmptyPredictions, match="calzone leaves all rows out"):
        ece_as(rows, "calzone", class_index=1)
    assert ece_as(rows, "calzone").convention.n == 2


@given(logit_predictions(), st.sampled_from(sorted(TOOLS)), st.randoms(use_true_random=False))
def test_row_order_matters_only_to_rounding(predictions: Predictions, tool: str, random: Any) -> None:
    order = list(range(predictions.n))
    random.shuffle(order)
    shuffled = ece_as(predictions.take(order), tool, 10).value
    assert shuffled == pytest.approx(ece_as(predictions, tool, 10).value, abs=1e-6)


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        ({"tool": "tensorboard"}, "there is no tool 'tensorboard'. Known: calibrant, guo, torchmetrics"),
        ({"tool": "TorchMetric"}, "there is no tool 'TorchMetric'. Did you mean 'torchmetrics'?"),
        ({"tool": "guo", "class_index": 1}, "guo measures only the top label"),
        ({"tool": "tensorflow-probability"}, "has no default number of bins: give bins"),
        ({"tool": "netcal", "bins": 0}, "bins must be a whole number, at least 1; got 0"),
        ({"tool": "netcal", "bins": 2.5}, "bins must be a whole number"),
        ({"tool": "netcal", "class_index": 2}, r"class_index must lie in 0\.\.1"),
        ({"tool": "guo", "precision": "float16"}, "precision must be one of file, float32, float64"),
    ],
)
def test_what_cannot_be_asked(arguments: dict[str, Any], message: str) -> None:
    with pytest.raises(InvalidArgument, match=message):
        ece_as(Predictions.from_probs(*E1), **arguments)
