"""Classes are kept and numbered in the order in which they are asked for."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from calibrant.datasets.classes import keep_classes
from calibrant.errors import DataUnavailable

NAMES = ("airplane", "automobile", "bird", "cat", "deer")


def test_bird_and_cat_become_zero_and_one() -> None:
    kept = keep_classes([3, 0, 2, 3, 4], NAMES, ["bird", "cat"])
    assert kept.rows == [0, 2, 3]
    assert kept.labels == [1, 0, 1]


def test_cat_and_bird_become_zero_and_one() -> None:
    assert keep_classes([3, 0, 2], NAMES, ["cat", "bird"]).labels == [0, 1]


@given(labels=st.lists(st.integers(0, 4)), wanted=st.lists(st.sampled_from(NAMES), min_size=2, unique=True))
def test_every_kept_row_keeps_its_class(labels: list[int], wanted: list[str]) -> None:
    kept = keep_classes(labels, NAMES, wanted)
    assert [wanted[label] for label in kept.labels] == [NAMES[labels[row]] for row in kept.rows]
    assert len(kept.rows) == sum(NAMES[label] in wanted for label in labels)


def test_an_unknown_class_gets_the_nearest_name() -> None:
    with pytest.raises(DataUnavailable, match=r"no class 'brid'. Did you mean 'bird'\?"):
        keep_classes([0], NAMES, ["brid", "cat"])


def test_a_strange_class_gets_the_list() -> None:
    with pytest.raises(DataUnavailable, match="It has: airplane, automobile, bird, cat, deer"):
        keep_classes([0], NAMES, ["42", "cat"])


def test_a_class_named_twice_is_refused() -> None:
    with pytest.raises(DataUnavailable, match="names the class 'cat' twice"):
        keep_classes([0], NAMES, ["cat", "cat"])
