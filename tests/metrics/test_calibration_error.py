"""Equal-width calibration errors: exact golden values, conventions, and plain definitions."""

from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from calibrant.errors import InvalidArgument
from calibrant.metrics import CalibrationError, ece, mce, rmsce
from calibrant.predictions import Predictions
from tests import oracle
from tests.drawn_predictions import overconfident, prob_predictions

# Exact arithmetic by hand. Ten binary samples that sit on bin edges; other tools answer 0.40 to 0.46 on
# them, because they close the bins at the other end or put p = 1 into a bin of its own.
E1 = Predictions.from_probs(
    [0.0, 0.05, 0.1, 0.2, 0.35, 0.5, 0.65, 0.8, 0.95, 1.0], [1, 0, 0, 1, 0, 1, 0, 1, 1, 0]
)
E2 = Predictions.from_probs([0.95, 1.0], [1, 0])
M1 = Predictions.from_probs(
    [
        [0.4, 0.3, 0.3],
        [0.6, 0.2, 0.2],
        [0.2, 0.6, 0.2],
        [0.1, 0.1, 0.8],
        [0.0, 0.0, 1.0],
        [0.5, 0.25, 0.25],
        [0.34, 0.33, 0.33],
        [0.05, 0.15, 0.8],
    ],
    [0, 1, 1, 2, 0, 0, 2, 1],
)


def exactly(value: float) -> Any:
    return pytest.approx(value, rel=1e-15, abs=1e-15)


@pytest.mark.parametrize(
    ("rows", "m", "options", "value"),
    [
        (E1, 10, {"notion": "one-class", "class_index": 1}, 0.43),
        (E1, 10, {}, 0.34),
        (E2, 10, {"notion": "one-class", "class_index": 1}, 0.475),
        (M1, 5, {}, 0.27),
        (M1, 5, {"notion": "class-wise"}, 0.745 / 3),
    ],
    ids=["E1 class 1", "E1 top-label", "E2 class 1", "M1 top-label", "M1 class-wise"],
)
def test_golden_values(rows: Predictions, m: int, options: Any, value: float) -> None:
    assert ece(rows, bins=m, **options).value == pytest.approx(value, abs=1e-14)


def test_golden_maximum() -> None:
    assert mce(M1, bins=5).value == 1.0


def test_constant_confidence() -> None:
    """Ten rows of confidence 0.7, four of them right."""
    rows = Predictions.from_probs([0.7] * 10, [1] * 4 + [0] * 6)
    for measure in (ece, mce, rmsce):
        for scheme in ("equal-width", "equal-mass"):
            assert measure(rows, scheme=scheme).value == pytest.approx(0.3, abs=1e-15)  # type: ignore[arg-type]


@given(prob_predictions(most_rows=30), st.integers(1, 25), st.sampled_from(["l1", "l2", "max"]))
def test_top_label_is_the_definition(rows: Predictions, m: int, norm: Any) -> None:
    probs = oracle.probs_of(rows)
    correct = oracle.first_argmax(rows.scores) == rows.labels
    value = CalibrationError(norm=norm, bins=m)(rows).value
    assert value == pytest.approx(
        oracle.error_of(oracle.bin_table(probs.max(axis=1), correct, m), norm), abs=1e-12
    )


@given(prob_predictions(most_rows=30), st.integers(1, 25), st.sampled_from(["l1", "l2", "max"]))
def test_one_class_is_the_definition_and_class_wise_its_mean(rows: Predictions, m: int, norm: Any) -> None:
    probs = oracle.probs_of(rows)
    errors = [
        oracle.error_of(oracle.bin_table(probs[:, j], rows.labels == j, m), norm) for j in range(rows.k)
    ]
    for j, error in enumerate(errors):
        metric = CalibrationError(norm=norm, notion="one-class", class_index=j, bins=m)
        assert metric(rows).value == pytest.approx(error, abs=1e-12)
    class_wise = CalibrationError(norm=norm, notion="class-wise", bins=m)(rows).value
    assert class_wise == pytest.approx(np.mean(errors), abs=1e-12)


def test_the_norms_are_ordered() -> None:
    rows = overconfident(1000, 5)
    assert 0 < ece(rows).value < rmsce(rows).value < mce(rows).value <= 1


def test_a_bin_whose_rows_weigh_0_does_not_decide_the_maximum() -> None:
    rows = Predictions.from_probs([0.9, 0.6], [1, 0], sample_weight=[1.0, 0.0])
    assert mce(rows).value == pytest.approx(0.1)


@pytest.mark.parametrize(
    ("options", "convention", "text"),
    [
        (
            {},
            {
                "notion": "top-label",
                "scheme": "equal-width",
                "bins": 15,
                "norm": "l1",
                "debiased": False,
                "n": 10,
            },
            "top-label, 15 equal-width bins (lo, hi], first closed at 0, at j/m, l1, n = 10",
        ),
        (
            {"notion": "one-class", "class_index": 1, "bins": 10},
            {
                "notion": "one-class",
                "class_index": 1,
                "bins": 10,
                "edges": "(lo, hi], first closed at 0, at j/m",
            },
            "class 1, 10 equal-width bins",
        ),
        (
            {"notion": "class-wise", "scheme": "equal-mass"},
            {
                "notion": "class-wise",
                "scheme": "equal-mass",
                "edges": "(lo, hi] at order statistics, equal edges merged",
            },
            "class-wise, 15 equal-mass bins",
        ),
    ],
)
def test_every_result_carries_its_convention(options: Any, convention: Any, text: str) -> None:
    stamped = ece(E1, **options).convention
    assert convention.items() <= stamped.to_json().items()
    assert str(stamped).startswith(text)


@pytest.mark.parametrize("measure", [ece, mce, rmsce])
@pytest.mark.parametrize("scheme", ["equal-width", "equal-mass"])
@pytest.mark.parametrize(
    ("options", "message"),
    [
        ({"notion": "one-class"}, "that notion needs it"),
        ({"class_index": 1}, "class_index belongs to the notion 'one-class'"),
        ({"notion": "one-class", "class_index": 2}, r"class_index must lie in 0\.\.1 \(2 classes\); got 2"),
        ({"notion": "one-class", "class_index": -1}, "got -1"),
        ({"notion": "marginal"}, "notion must be one of top-label, one-class, class-wise; got 'marginal'"),
        ({"bins": 0}, "bins must be a whole number, at least 1; got 0"),
        ({"bins": 2.5}, "got 2.5"),
        ({"bins": True}, "got True"),
    ],
)
def test_bad_arguments(measure: Any, scheme: str, options: Any, message: str) -> None:
    with pytest.raises(InvalidArgument, match=message):
        measure(E1, scheme=scheme, **options)


def test_an_unknown_scheme_or_norm() -> None:
    with pytest.raises(InvalidArgument, match="scheme must be 'equal-width' or 'equal-mass'; got 'adaptive'"):
        ece(E1, scheme="adaptive")  # type: ignore[arg-type]
    with pytest.raises(InvalidArgument, match="norm must be one of l1, l2, max; got 'l3'"):
        CalibrationError(norm="l3")(E1)  # type: ignore[arg-type]


def test_states_of_different_bins_do_not_merge() -> None:
    from calibrant.metrics import Rows

    five, ten = (CalibrationError(bins=m).accumulate(Rows(E1)) for m in (5, 10))
    with pytest.raises(InvalidArgument, match="cannot be merged"):
        five.merge(ten)
