"""Arrays in place of predictions are refused with what to do."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
import pytest

from calibrant import TemperatureScaling, compare, evaluate
from calibrant.errors import InvalidArgument
from calibrant.metrics import brier, nll


@pytest.mark.parametrize("function", [nll, brier, evaluate, compare, TemperatureScaling(2.0).transform])
@pytest.mark.parametrize("given", [np.zeros((3, 2)), [[0.5, 0.5]], None])
def test_arrays_are_refused_with_what_to_do(function: Callable[[Any], object], given: object) -> None:
    with pytest.raises(InvalidArgument, match=r"this takes Predictions; got .*from_logits\(logits, labels\)"):
        function(given)
