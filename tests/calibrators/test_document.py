"""Arrays in stored calibrators come back bit for bit, or are refused in words."""

import json

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra import numpy as hnp

from calibrant.calibrators.document import decode_array, encode_array
from calibrant.errors import UnreadableFile

finite = st.floats(allow_nan=False, allow_infinity=False)
shapes = st.one_of(st.tuples(st.integers(1, 40)), st.tuples(st.integers(1, 40), st.integers(1, 40)))


@given(array=hnp.arrays(np.float64, shapes, elements=finite))
def test_every_bit_comes_back(array: np.ndarray) -> None:
    stored = json.loads(json.dumps({"a": encode_array(array)}))
    decoded = decode_array(stored, "a", shape=array.shape)
    assert decoded.tobytes() == array.tobytes()
    assert decoded.dtype == np.float64
    assert not decoded.flags.writeable


def test_a_thousand_numbers_are_a_list_and_more_are_base64() -> None:
    assert isinstance(encode_array(np.zeros(1000)), list)
    stored = encode_array(np.zeros((1001, 1)))
    assert isinstance(stored, dict)
    assert stored["shape"] == [1001, 1]
    assert stored["dtype"] == "<f8"


def test_order_in_memory_does_not_matter() -> None:
    array = np.asfortranarray(np.arange(2000.0).reshape(40, 50))
    np.testing.assert_array_equal(decode_array({"a": encode_array(array)}, "a", shape=(40, 50)), array)


@pytest.mark.parametrize(
    "value",
    [
        None,
        3.0,
        "abc",
        [[1.0], [1.0, 2.0]],
        [True],
        ["1"],
        [10**400],
        [float("nan")],
        {"shape": [2], "dtype": "<f4", "base64": ""},
        {"shape": [2], "dtype": "<f8", "base64": "AAAA"},
        {"shape": [-1], "dtype": "<f8", "base64": ""},
        {"shape": [True], "dtype": "<f8", "base64": ""},
        {"shape": [1], "dtype": "<f8", "base64": "?"},
        {"shape": [1], "dtype": "<f8", "base64": "AAAAAAAA8H8="},
    ],
)
def test_what_is_no_array_is_refused(value: object) -> None:
    with pytest.raises(UnreadableFile, match="'a'"):
        decode_array({"a": value}, "a", shape=(None,))
