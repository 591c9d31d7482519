"""Arrays belong to one library and one device; the widest float of the device is found."""

from __future__ import annotations

from types import SimpleNamespace
from typing import Any

import array_api_strict
import numpy as np
import pytest

from calibrant.array_api import evaluate, library
from calibrant.array_api.library import library_of
from calibrant.errors import InvalidPredictions
from tests.array_api.backends import ELSEWHERE, NARROW, STRICT


def test_lists_are_no_arrays() -> None:
    with pytest.raises(InvalidPredictions, match=r"scores must be an array of NumPy, .* got list"):
        evaluate([[1.0, 0.0]], np.array([0]))


def test_two_libraries() -> None:
    with pytest.raises(InvalidPredictions, match=r"of one library; got scores: .*, labels: array_api_strict"):
        evaluate(np.zeros((1, 2)), STRICT.make(np.zeros(1, int)))


def test_two_devices() -> None:
    with pytest.raises(InvalidPredictions, match="of one device"):
        evaluate(STRICT.make(np.zeros((1, 2))), ELSEWHERE.make(np.zeros(1, int)))


def test_a_device_without_float64() -> None:
    found = library_of(scores=NARROW.make(np.zeros((1, 2))))
    assert not found.is_wide
    assert found.floats == array_api_strict.float32
    assert library_of(scores=np.zeros(1)).is_wide


def test_a_device_whose_library_lists_a_float64_that_it_does_not_have() -> None:
    def zeros(*_: Any, **__: Any) -> None:
        raise TypeError("this device has no float64")

    info = SimpleNamespace(dtypes=lambda **_: {"float64": "float64"})
    xp = SimpleNamespace(__array_namespace_info__=lambda: info, zeros=zeros, float64="float64")
    assert not library._has_float64(xp, "mps")
