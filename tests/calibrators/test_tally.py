"""Counts per score are a sum: they merge, whatever the cut and the order."""

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from calibrant.calibrators.tally import ScoreTally

rows = st.lists(st.tuples(st.integers(0, 8), st.booleans(), st.integers(0, 3)), max_size=30)


def tally_of(some: list[tuple[int, bool, int]]) -> ScoreTally:
    scores, positive, weight = (np.array([row[j] for row in some]) for j in range(3))
    return ScoreTally.of(scores / 8, positive.astype(bool), weight.astype(np.float64))


def parts(tally: ScoreTally) -> list[list[float]]:
    return [tally.scores.tolist(), tally.weight.tolist(), tally.positives.tolist()]


@given(some=rows, cut=st.integers(0, 30), seed=st.integers(0, 9))
def test_parts_merge_to_the_whole(some: list[tuple[int, bool, int]], cut: int, seed: int) -> None:
    shuffled = [some[j] for j in np.random.default_rng(seed).permutation(len(some))]
    merged = ScoreTally.merged((tally_of(shuffled[:cut]), tally_of(shuffled[cut:])))
    assert parts(merged) == parts(tally_of(some))


@given(some=rows)
def test_weights_are_repeats(some: list[tuple[int, bool, int]]) -> None:
    repeated = [(score, positive, 1) for score, positive, weight in some for _ in range(weight)]
    assert parts(tally_of(some)) == parts(tally_of(repeated))


def test_equal_mass_bins_end_where_their_share_of_the_weight_is_reached() -> None:
    tally = ScoreTally(np.arange(5.0), np.array([1.0, 1, 4, 1, 1]), np.zeros(5))
    assert tally.equal_mass_ends(4).tolist() == [1, 2, 4]
    assert tally.in_bins(tally.weight, tally.equal_mass_ends(4)).tolist() == [2, 4, 2]
    assert tally.equal_mass_ends(100).tolist() == [0, 1, 2, 3, 4]
