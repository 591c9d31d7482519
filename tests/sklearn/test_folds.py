"""Folds depend on what the rows hold, and every training fold holds every class."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra import numpy as hnp
from scipy import sparse

pytest.importorskip("sklearn")

from calibrant.errors import CalibrantError, FitFailed, InvalidArgument
from calibrant.sklearn.folds import deal, keep_present
from calibrant.sklearn.row_keys import row_keys

LABELLED = st.integers(2, 20).flatmap(
    lambda n: st.tuples(
        hnp.arrays(np.float64, (n, 2), elements=st.sampled_from([0.0, -0.0, 1.0, 2.0, 3.5])),
        hnp.arrays(np.int64, n, elements=st.integers(0, 2)),
        hnp.arrays(np.bool_, n),
    )
)


@given(LABELLED, st.integers(2, 6))
def test_laws(data: tuple[Any, Any, Any], folds: int) -> None:
    X, labels, present = data
    try:
        splits = deal(X, labels, present, folds)
    except CalibrantError:
        return
    fold_of_row: dict[tuple[Any, ...], set[int]] = {}
    for number, split in enumerate(splits):
        assert not set(split.train) & set(split.test)
        assert set(split.train) | set(split.test) == set(np.flatnonzero(present))
        assert set(labels[split.train]) == set(labels[present])
        for row in split.test:
            fold_of_row.setdefault((*(X[row] + 0.0), labels[row]), set()).add(number)
    assert all(len(numbers) == 1 for numbers in fold_of_row.values())


@given(LABELLED, st.randoms())
def test_order_and_repetition_do_not_matter(data: tuple[Any, Any, Any], random: Any) -> None:
    X, labels, _ = data
    more = [*range(len(labels)), *random.choices(range(len(labels)), k=5)]
    random.shuffle(more)
    try:
        before = deal(X, labels, np.ones(len(labels), np.bool_), 3)
    except FitFailed:
        return
    after = deal(X[more], labels[more], np.ones(len(more), np.bool_), 3)
    for old, new in zip(before, after, strict=True):
        assert set(old.test) == {more[row] for row in new.test}


def test_fewer_than_two_folds_are_refused() -> None:
    with pytest.raises(InvalidArgument, match="at least 2"):
        deal([[1.0], [2.0]], np.zeros(2, np.int64), np.ones(2, np.bool_), 1)


def test_a_splitter_loses_absent_rows_and_empty_splits() -> None:
    splits = [(np.array([0, 1]), np.array([2])), (np.array([2]), np.array([0, 1]))]
    kept = keep_present(splits, np.array([True, True, False]))
    assert [(split.train.tolist(), split.test.tolist()) for split in kept] == [([], [0, 1])]


@pytest.mark.parametrize(
    "table",
    [
        np.array([[1.0, -0.0], [1.0, 0.0], [0.0, 1.0]]),
        np.array([[1, 0], [1, 0], [0, 1]], np.uint8),
        sparse.csr_array(np.array([[1.0, 0.0], [1.0, 0.0], [0.0, 1.0]])),
        sparse.coo_matrix(np.array([[1.0, 0.0], [1.0, 0.0], [0.0, 1.0]])),
        np.array([["a", 1], ["a", 1], ["b", 1]], object),
        ["ham", "ham", "spam"],
        [{"a": 1}, {"a": 1}, {"b": 1}],
    ],
)
def test_equal_rows_have_equal_keys(table: Any) -> None:
    first, same, other = row_keys(table)
    assert first == same
    assert first != other


def test_explicit_zeros_of_a_sparse_matrix_are_zeros() -> None:
    stored = sparse.csr_array(([1.0, 0.0], [0, 1], [0, 2]), shape=(1, 3))
    assert row_keys(stored) == row_keys(sparse.csr_array([[1.0, 0.0, 0.0]]))
