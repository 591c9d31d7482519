"""Every bad input gets its error, and the text names the row, what came and what to do."""

from typing import Any

import numpy as np
import pytest

from calibrant.errors import CalibrantError, EmptyPredictions, InvalidArgument, InvalidPredictions
from calibrant.predictions import Predictions
from calibrant.predictions.checks import check_countable

NAN, INF = float("nan"), float("inf")


def many(rows: int, bad_row: int, bad: list[float], good: list[float]) -> np.ndarray[Any, Any]:
    scores = np.tile(np.array(good), (rows, 1))
    scores[bad_row] = bad
    return scores


@pytest.mark.parametrize("dtype", [np.float16, np.float32, np.float64])
@pytest.mark.parametrize("value", [NAN, INF])
def test_logits_that_are_nan_or_infinite(dtype: Any, value: float) -> None:
    logits = many(9000, 8765, [0.0, value, 1.0], [1.0, 2.0, 3.0]).astype(dtype)
    with pytest.raises(
        InvalidPredictions, match=rf"below \+inf; got {value} at row 8765, class 1.*Drop the row or find"
    ):
        Predictions.from_logits(logits, np.zeros(9000, int))


@pytest.mark.parametrize("value", [NAN, INF])
def test_a_binary_logit_that_is_nan_or_infinite(value: float) -> None:
    with pytest.raises(InvalidPredictions, match=f"got {value} at row 2, class 1"):
        Predictions.from_logits([0.5, 1.5, value], [0, 1, 1])


def test_a_row_without_any_possible_class() -> None:
    logits = many(5000, 4321, [-INF, -INF], [0.0, -INF])
    with pytest.raises(InvalidPredictions, match="every logit of row 4321 is -inf"):
        Predictions.from_logits(logits, np.zeros(5000, int))


@pytest.mark.parametrize("dtype", [np.int64, np.uint64])
def test_whole_numbers_that_floats_do_not_tell_apart_are_refused(dtype: type) -> None:
    logits = np.array([[0, 2**53], [1, 5]], dtype)
    assert Predictions.from_logits(logits, [0, 1]).scores.dtype == np.float64
    with pytest.raises(InvalidPredictions, match=r"up to 9,007,199,254,740,993, which float64 .*Subtract"):
        Predictions.from_logits(logits + dtype(1), [0, 1])


def test_a_masked_class_is_allowed() -> None:
    assert Predictions.from_logits([[1.0, -INF, 0.0]], [0]).probs()[0, 1] == 0


@pytest.mark.parametrize(
    ("row", "message"),
    [
        ([NAN, 0.5], r"must lie in 0\.\.1; got nan at row 4500, class 0.*they are logits: say so"),
        ([-0.25, 1.25], r"must lie in 0\.\.1; got -0\.25 at row 4500, class 0.*they are logits"),
        ([0.5, 0.6], r"must sum to 1 within 0\.001; row 4500 sums to 1\.1\..*they are logits: say so"),
        ([0.4, 0.4], r"row 4500 sums to 0\.8"),
        ([0.0, 0.0], r"row 4500 sums to 0"),
        ([INF, 0.0], r"row 4500 sums to inf"),
        ([INF, -INF], r"got -inf at row 4500, class 1"),
    ],
)
def test_rows_that_are_no_probabilities(row: list[float], message: str) -> None:
    with pytest.raises(InvalidPredictions, match=message):
        Predictions.from_probs(many(5000, 4500, row, [0.25, 0.75]), np.zeros(5000, int))


@pytest.mark.parametrize("value", [NAN, -0.1, 1.5, INF])
def test_binary_probabilities_outside_0_to_1(value: float) -> None:
    with pytest.raises(InvalidPredictions, match=f"got {value} at row 1.*they are logits: say so"):
        Predictions.from_probs([0.5, value], [0, 1])


@pytest.mark.parametrize("total", [0.9991, 1.0009])
def test_rows_that_nearly_sum_to_1_are_kept_as_they_came_and_normalised_in_use(total: float) -> None:
    probs = np.array([[0.25, 0.75]]) * total
    rows = Predictions.from_probs(probs, [1])
    assert (rows.scores == probs).all()
    assert rows.probs()[0].tolist() == pytest.approx([0.25, 0.75], abs=1e-15)


@pytest.mark.parametrize(
    ("labels", "message"),
    [
        ([0, 1, 3], r"labels must lie in 0\.\.2 \(3 classes\); got 3 at row 2\.$"),
        ([1, 2, 3], r"got 3 at row 2\. Are the labels 1-based\?"),
        ([0, -1, 2], r"got -1 at row 1"),
        ([0.0, 1.0, 2.0], r"must be integers or booleans; got float64\. Number .* labels\.astype\(int\)"),
        (["bird", "cat", "dog"], r"must be integers or booleans; got <U4\. Number the classes"),
        ([0, 1], r"scores have 3 rows but labels have 2\. Give one label for each row"),
        (
            np.eye(3, dtype=int),
            r"shape \(n,\); got \(3, 3\)\. Multilabel.*for one-hot rows pass labels\.argmax",
        ),
        (1, r"shape \(n,\); got \(\)"),
        ([[0], [1, 2], [0]], "labels cannot be read as an array"),
        (np.array([0, 1, 200], np.uint8), "got 200 at row 2"),
        (np.array([0, 1, 2**63], np.uint64), "got 9223372036854775808 at row 2"),
    ],
)
def test_bad_labels(labels: Any, message: str) -> None:
    with pytest.raises(InvalidPredictions, match=message):
        Predictions.from_logits(np.zeros((3, 3)), labels)


@pytest.mark.parametrize(
    ("scores", "message"),
    [
        (np.zeros((3, 4, 5)), r"got \(3, 4, 5\)\. Dense \(segmentation\) outputs are not supported"),
        (1.5, r"got \(\)"),
        (np.zeros((3, 0)), r"got \(3, 0\)"),
        ([[1.0, 2.0], [3.0]], "cannot be read as an array"),
        ([["a", "b"]], r"must be real numbers; got <U1"),
        ([[1j, 2.0]], "must be real numbers; got complex128"),
        ([[None, 1.0]], "must be real numbers; got object"),
    ],
)
def test_bad_scores(scores: Any, message: str) -> None:
    for build in (Predictions.from_logits, Predictions.from_probs):
        with pytest.raises(InvalidPredictions, match=message):
            build(scores, [0, 0, 0])


@pytest.mark.parametrize("scores", [[], np.zeros((0, 3)), np.zeros((0, 1))])
def test_no_rows(scores: Any) -> None:
    for build in (Predictions.from_logits, Predictions.from_probs):
        with pytest.raises(EmptyPredictions, match="there are no rows"):
            build(scores, [])


@pytest.mark.parametrize(
    ("classes", "message"),
    [
        (["bird"], "there are 2 classes but 1 class names"),
        (["bird", "cat", "dog"], "there are 2 classes but 3 class names"),
        (["cat", "cat"], "class names must differ; 'cat' stands twice"),
        ("ab", "a sequence of names; got the one string 'ab'"),
        (["cat" * 99, "cat" * 99], r"'(cat)+…? stands twice"),
        (["bird", "c\ud800t"], r"the name of class 1 has half of a character .*: 'c\\ud800t'"),
    ],
)
def test_bad_class_names(classes: Any, message: str) -> None:
    with pytest.raises(InvalidArgument, match=message):
        Predictions.from_logits([[1.0, 2.0]], [0], classes=classes)


@pytest.mark.parametrize("name", ["groups", "ids"])
def test_half_a_character_is_refused_with_its_row(name: str) -> None:
    rows = 5000
    texts = [f"row {row}" for row in range(rows)]
    texts[4321] = "x\udfff"
    with pytest.raises(InvalidPredictions, match=rf"{name} has half of a character .* at row 4321"):
        Predictions.from_logits(np.zeros((rows, 2)), np.zeros(rows, int), **{name: texts})
    texts[4321] = "x\ue000🐈"
    rest = {name: texts}
    assert Predictions.from_logits(np.zeros((rows, 2)), np.zeros(rows, int), **rest).n == rows


@pytest.mark.parametrize(
    ("weight", "message"),
    [
        ([1.0, -1.0], r"finite and ≥ 0; got -1\.0 at row 1"),
        ([NAN, 1.0], "got nan at row 0"),
        ([1.0, INF], "got inf at row 1"),
        ([1.0], r"shape \(2,\); got \(1,\)"),
        ([[1.0], [1.0]], r"shape \(2,\); got \(2, 1\)"),
        (["a", "b"], "must be numbers; got <U1"),
        ([[1.0], [1.0, 2.0]], "sample_weight cannot be read"),
        ([1e308, 1e308], r"sums to infinity\. Divide all weights"),
    ],
)
def test_bad_weights(weight: Any, message: str) -> None:
    with pytest.raises(InvalidPredictions, match=message):
        Predictions.from_logits([[1.0, 2.0], [2.0, 1.0]], [0, 1], sample_weight=weight)


def test_weights_that_leave_nothing() -> None:
    with pytest.raises(EmptyPredictions, match="0 on every row"):
        Predictions.from_logits([[1.0, 2.0]], [0], sample_weight=[0])


@pytest.mark.parametrize("name", ["groups", "ids"])
def test_columns_of_another_length(name: str) -> None:
    with pytest.raises(InvalidPredictions, match=rf"{name} must have shape \(2,\); got \(3,\)"):
        Predictions.from_logits([0.5, 1.0], [0, 1], **{name: ["a", "b", "c"]})


def test_every_refusal_is_a_calibrant_error_and_a_value_error() -> None:
    with pytest.raises(CalibrantError):
        Predictions.from_logits([NAN], [0])
    with pytest.raises(ValueError, match="nan"):
        Predictions.from_logits([NAN], [0])


def test_sums_of_weights_that_are_no_counts_of_rows() -> None:
    for total in (0.0, 1e-15, 1.0, 1e15):
        check_countable(total)
    for total in (5e-324, 9e-16, 1.1e15, 1e300):
        with pytest.raises(InvalidPredictions, match=r"must lie between 1e-15 and 1e\+15 .*by the largest"):
            check_countable(total)
