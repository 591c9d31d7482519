"""Counts pooled over parts are those of all rows, and too many distinct values are refused."""

import numpy as np
import pytest

from calibrant.errors import IncompatiblePredictions
from calibrant.metrics.binary_view import Tally, tally
from calibrant.metrics.pooled import pooled

VALUES = np.random.default_rng(0).integers(0, 60, 400) / 60
OUTCOME = np.random.default_rng(1).random(400) < VALUES
WEIGHT = np.random.default_rng(2).integers(0, 3, 400).astype(float)


def counts(rows: np.ndarray) -> Tally:
    return tally(VALUES[rows], OUTCOME[rows], WEIGHT[rows])


@pytest.mark.parametrize("parts", [1, 2, 9, 400])
def test_parts_are_pooled_to_the_whole(parts: int) -> None:
    cut = np.array_split(np.arange(400), parts)
    (found,) = pooled(([counts(rows)] for rows in cut), Tally.merged, what="this")
    whole = counts(np.arange(400))
    for name in ("values", "weight", "events"):
        np.testing.assert_array_equal(getattr(found, name), getattr(whole, name))


def test_more_distinct_values_than_are_held_are_refused_by_name() -> None:
    cut = np.array_split(np.arange(400), 4)
    with pytest.raises(
        IncompatiblePredictions, match=r"isotonic needs every .* first 2 parts have 5\d; at most 50 are held"
    ):
        pooled(([counts(rows)] for rows in cut), Tally.merged, what="isotonic", most=50)


def test_what_is_held_counts_equal_values_once() -> None:
    cut = np.array_split(np.arange(400), 40)
    (found,) = pooled(([counts(rows)] for rows in cut), Tally.merged, what="this", most=60)
    assert 50 < len(found) <= 60


def test_one_part_is_never_refused() -> None:
    assert len(pooled([[counts(np.arange(400))]], Tally.merged, what="this", most=1)[0]) > 1
