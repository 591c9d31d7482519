"""Pooling adjacent violators gives the best non-decreasing values, exactly and in linear time."""

import itertools

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from calibrant.solvers import isotonic_blocks

counts = st.lists(st.integers(1, 6).flatmap(lambda w: st.tuples(st.integers(0, w), st.just(w))), min_size=1)


def arrays(pairs: list[tuple[int, int]]) -> tuple[np.ndarray, np.ndarray]:
    positives, weight = np.array(pairs, np.float64).T
    return positives, weight


@given(pairs=counts)
def test_values_are_the_min_max_formula(pairs: list[tuple[int, int]]) -> None:
    positives, weight = arrays(pairs[:12])
    m = len(weight)
    mean = {
        (a, b): positives[a : b + 1].sum() / weight[a : b + 1].sum()
        for a, b in itertools.combinations_with_replacement(range(m), 2)
    }
    expected = [max(min(mean[a, b] for b in range(i, m)) for a in range(i + 1)) for i in range(m)]
    blocks = isotonic_blocks(positives, weight)
    np.testing.assert_array_equal(np.repeat(blocks.values, blocks.last - blocks.first + 1), expected)


@given(pairs=counts)
def test_blocks_cover_all_and_do_not_fall(pairs: list[tuple[int, int]]) -> None:
    blocks = isotonic_blocks(*arrays(pairs))
    assert blocks.first[0] == 0
    assert blocks.last[-1] == len(pairs) - 1
    np.testing.assert_array_equal(blocks.first[1:], blocks.last[:-1] + 1)
    assert (np.diff(blocks.values) >= 0).all()
    assert blocks.values.min() >= 0
    assert blocks.values.max() <= 1


def test_a_million_scores_keep_their_mean() -> None:
    generator = np.random.default_rng(0)
    labels = (generator.random(1_000_000) < np.linspace(0, 1, 1_000_000)).astype(np.float64)
    blocks = isotonic_blocks(labels, np.ones(1_000_000))
    sizes = blocks.last - blocks.first + 1
    assert (np.diff(blocks.values) > 0).all()
    assert blocks.values @ sizes == pytest.approx(labels.sum(), rel=1e-12)
