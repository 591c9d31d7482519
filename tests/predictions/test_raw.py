"""The raw form takes anything, so that it can be looked at before it is checked."""

import numpy as np

from calibrant.predictions import RawPredictions


def test_nothing_is_checked() -> None:
    raw = RawPredictions([[np.nan, 7.0]], "probs", [5], ignored=("epoch",), source="a.npz")  # type: ignore[arg-type]
    assert raw.scores.shape == (1, 2)
    assert raw.labels.tolist() == [5]
    assert raw.ignored == ("epoch",)
