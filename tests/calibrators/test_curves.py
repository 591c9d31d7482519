"""Curves go into a file and come back bit for bit; damaged ones are named."""

import json
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from calibrant.calibrators.curves import Curve, decode_curves, encode_curves, merged_steps, step
from calibrant.errors import UnreadableFile

ascending = st.lists(st.floats(-1e9, 1e9), min_size=1, max_size=600, unique=True).map(sorted)


@given(knots=st.lists(ascending, min_size=1, max_size=4), seed=st.integers(0, 9))
def test_curves_come_back_bit_for_bit(knots: list[list[float]], seed: int) -> None:
    generator = np.random.default_rng(seed)
    curves = [Curve(np.array(each), generator.random(len(each))) for each in knots]
    back = decode_curves(json.loads(json.dumps({"curves": encode_curves(curves)})), "curves")
    for before, after in zip(curves, back, strict=True):
        np.testing.assert_array_equal(before.knots, after.knots)
        np.testing.assert_array_equal(before.values, after.values)


@pytest.mark.parametrize(
    ("damage", "complaint"),
    [
        ({"sizes": []}, "sizes"),
        ({"sizes": [2, -1]}, "sizes"),
        ({"sizes": [True, 1]}, "sizes"),
        ({"sizes": [3]}, "shape"),
        ({"knots": [0.5, 0.5]}, "ascend"),
        ({"values": [0.5, 1.5]}, "lie in 0..1"),
        ({"values": None}, "values"),
    ],
)
def test_damage_is_named(damage: dict[str, Any], complaint: str) -> None:
    stored = {"sizes": [2], "knots": [0.0, 1.0], "values": [0.0, 1.0], **damage}
    with pytest.raises(UnreadableFile, match=complaint):
        decode_curves({"curves": stored}, "curves")


def test_nothing_at_all_is_named() -> None:
    with pytest.raises(UnreadableFile, match="curves"):
        decode_curves({}, "curves")


def test_merged_steps_say_the_same() -> None:
    curve = Curve(np.arange(6.0), np.array([0.1, 0.1, 0.3, 0.3, 0.3, 0.2]))
    merged = merged_steps(curve)
    assert merged.knots.tolist() == [1, 4, 5]
    scores = np.linspace(-1, 7, 33)
    np.testing.assert_array_equal(step(curve, scores), step(merged, scores))
