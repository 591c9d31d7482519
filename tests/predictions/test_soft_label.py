"""Predictions with counts of annotators: what they hold, what they refuse, and what they say about it."""

from __future__ import annotations

from dataclasses import FrozenInstanceError
from typing import Any

import numpy as np
import pytest

from calibrant.errors import EmptyPredictions, IncompatiblePredictions, InvalidArgument, InvalidPredictions
from calibrant.predictions import Predictions, RawSoftLabel, SoftLabelPredictions
from calibrant.predictions.soft_label_checks import check_possible

ROWS = SoftLabelPredictions.from_logits(
    [[2.0, 0.0, 1.0], [0.5, 1.0, 0.0], [3.0, 0.0, 0.0]],
    [[3, 1, 0], [0, 5, 0], [1, 1, 2]],
    classes=["x", "y", "z"],
    sample_weight=[1, 2, 0.5],
    groups=["a", "b", "a"],
    ids=[7, 8, 9],
)


def test_counts_may_be_whole_numbers_or_shares() -> None:
    shares = [[0.75, 0.25, 0.0], [0.0, 1.0, 0.0], [0.25, 0.25, 0.5]]
    for counts in (ROWS.counts, ROWS.counts.astype(np.int8), shares, np.array(shares, np.float32)):
        rows = SoftLabelPredictions.from_logits(ROWS.scores, counts)
        assert rows.counts.dtype == np.float64
        assert rows.shares.tolist() == shares
    assert ROWS.answers.tolist() == [2, 1, 3]


def test_binary_scores_have_counts_of_both_classes() -> None:
    rows = SoftLabelPredictions.from_probs([0.9, 0.25], [[1, 3], [2, 2]])
    assert (rows.n, rows.k) == (2, 2)
    assert rows.outcome_of(1).tolist() == [0.75, 0.5]


@pytest.mark.parametrize(
    ("counts", "message"),
    [
        ([[1, 0], [0, 0]], r"nobody labelled row 1: its counts are all 0\. Drop the row\."),
        ([[1, 0], [2, -1]], r"counts must be finite and ≥ 0; got -1\.0 at row 1, class 1\."),
        ([[1, 0], [np.nan, 1]], r"got nan at row 1, class 0\."),
        ([[1, 0], [np.inf, 1]], r"got inf at row 1, class 0\."),
        ([[1e308, 1e308], [0, 1]], r"the counts of row 0 sum to infinity\. Divide them"),
        ([[1, 0]], r"counts must have shape \(2, 2\), a number for each row and class; got \(1, 2\)\."),
        ([[1, 0, 1], [1, 0, 1]], r"got \(2, 3\)\."),
        ([0, 1], r"got \(2,\)\. For one label a row use Predictions\."),
        ([["a", "b"], ["c", "d"]], "counts must be real numbers"),
    ],
)
def test_what_are_no_counts(counts: Any, message: str) -> None:
    with pytest.raises(InvalidPredictions, match=message):
        SoftLabelPredictions.from_logits([[1.0, 0.0], [0.0, 1.0]], counts)


def test_scores_and_columns_are_checked_as_those_of_predictions() -> None:
    counts = [[1, 0], [0, 1]]
    with pytest.raises(InvalidPredictions, match=r"probs must sum to 1|rows of probs must sum to 1"):
        SoftLabelPredictions.from_probs([[0.9, 0.9], [0.5, 0.5]], counts)
    with pytest.raises(EmptyPredictions):
        SoftLabelPredictions.from_logits(np.zeros((0, 2)), np.zeros((0, 2)))
    with pytest.raises(InvalidPredictions, match="sample_weight must be finite"):
        SoftLabelPredictions.from_probs([0.5, 0.5], counts, sample_weight=[1, -1])
    with pytest.raises(InvalidArgument, match="kind must be 'logits' or 'probs'; got 'scores'"):
        SoftLabelPredictions.from_raw(RawSoftLabel(np.zeros((2, 2)), "scores", np.ones((2, 2))))  # type: ignore[arg-type]


def test_there_is_no_label() -> None:
    words = r"needs one label for each row; these rows have counts of annotators\. .*counts\.argmax"
    with pytest.raises(IncompatiblePredictions, match=words):
        _ = ROWS.labels


def test_expanded_rows_weigh_their_shares() -> None:
    rows = ROWS.expanded()
    assert isinstance(rows, Predictions)
    assert rows.labels.tolist() == [0, 1, 1, 0, 1, 2]
    assert rows.sample_weight is not None
    assert rows.sample_weight.tolist() == [0.75, 0.25, 2.0, 0.125, 0.125, 0.25]
    assert rows.scores.tolist() == ROWS.scores[[0, 0, 1, 2, 2, 2]].tolist()
    assert rows.ids is not None
    assert rows.ids.tolist() == [7, 7, 8, 9, 9, 9]
    assert rows.groups is not None
    assert rows.groups.tolist() == ["a", "a", "b", "a", "a", "a"]
    assert (rows.kind, rows.classes) == ("logits", ROWS.classes)


def test_arrays_are_read_only_and_the_callers_stay_as_they_were() -> None:
    counts = np.array([[1, 2], [3, 0]])
    rows = SoftLabelPredictions.from_probs([0.5, 0.75], counts)
    counts[0, 0] = 9
    assert rows.counts.tolist() == [[1.0, 2.0], [3.0, 0.0]]
    for array in (rows.counts, rows.shares, rows.scores):
        with pytest.raises(ValueError, match="read-only"):
            array[0] = 0
    with pytest.raises(FrozenInstanceError):
        rows.counts = counts  # type: ignore[misc]


def test_rows_are_taken_with_all_that_belongs_to_them() -> None:
    for taken in (ROWS.take([2, 0]), ROWS.take([True, False, True]).take([1, 0])):
        assert taken.counts.tolist() == [[1, 1, 2], [3, 1, 0]]
        assert taken.shares.tolist() == [[0.25, 0.25, 0.5], [0.75, 0.25, 0.0]]
        assert taken.scores.tolist() == ROWS.scores[[2, 0]].tolist()
        assert taken.sample_weight is not None
        assert taken.sample_weight.tolist() == [0.5, 1.0]
        assert taken.classes == ROWS.classes
    for nothing in ([], [False, False, False]):
        with pytest.raises(EmptyPredictions, match="no row was picked"):
            ROWS.take(nothing)


def test_other_scores_for_the_same_rows() -> None:
    changed = ROWS.with_scores(ROWS.probs(), "probs")
    assert isinstance(changed, SoftLabelPredictions)
    assert changed.counts is ROWS.counts
    assert changed.class_name(1) == "y"
    with pytest.raises(InvalidArgument, match=r"must keep the shape \(3, 3\)"):
        ROWS.with_scores([[1.0, 0.0]], "logits")


def test_the_hash_is_of_scores_and_counts_in_any_order_and_float_type() -> None:
    narrow = SoftLabelPredictions.from_logits(ROWS.scores.astype(np.float32), ROWS.counts)
    assert ROWS.content_hash == narrow.content_hash == ROWS.take([2, 0, 1]).content_hash
    others = (
        SoftLabelPredictions.from_logits(ROWS.scores, ROWS.counts[:, ::-1]),
        SoftLabelPredictions.from_logits(ROWS.scores + 1, ROWS.counts),
        ROWS.with_scores(ROWS.probs(), "probs"),
        ROWS.expanded(),
        Predictions.from_logits(ROWS.scores, [0, 1, 2]),
        ROWS.take([0, 1]),
    )
    assert len({ROWS.content_hash, *(other.content_hash for other in others)}) == 7


def test_the_repr_says_what_they_are() -> None:
    assert repr(ROWS) == ("SoftLabelPredictions(n=3, k=3, kind='logits', float64, classes=['x', 'y', 'z'])")


def test_a_mask_where_a_class_is_needed_is_named() -> None:
    scores = np.array([[0.0, -np.inf], [1.0, 2.0]])
    check_possible(scores, "logits", np.array([[True, False], [True, True]]))
    check_possible(np.array([[1.0, 0.0]]), "probs", np.array([[True, True]]))
    with pytest.raises(InvalidPredictions, match="the logit of class 1 is -inf at row 0"):
        check_possible(scores, "logits", np.array([[False, True], [True, True]]))
