"""Arrays reach the kernels as views, never as copies."""

from typing import Any

import numpy as np
import pytest

from calibrant.kernels.layout import for_kernels, weight_for_kernels
from tests.drawn_predictions import FLOAT_TYPES


@pytest.mark.parametrize("dtype", FLOAT_TYPES)
def test_a_read_only_view(dtype: Any) -> None:
    scores = np.ones((4, 6), dtype)[::2, ::3]
    view = for_kernels(scores)
    assert np.shares_memory(view, scores)
    assert not view.flags.writeable
    assert scores.flags.writeable
    assert view.dtype == (np.uint16 if dtype == np.float16 else dtype)


def test_no_weights_are_an_empty_array() -> None:
    assert weight_for_kernels(None).size == 0
    weight = np.ones(3)
    assert weight_for_kernels(weight) is weight
