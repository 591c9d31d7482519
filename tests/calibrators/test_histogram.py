"""Histogram binning against values computed by hand."""

from typing import Any

import numpy as np
import pytest

from calibrant.calibrators import HistogramBinning
from calibrant.errors import InvalidArgument
from calibrant.predictions import Predictions

E1_P = [0, 0.05, 0.1, 0.2, 0.35, 0.5, 0.65, 0.8, 0.95, 1]
E1_Y = [1, 0, 0, 1, 0, 1, 0, 1, 1, 0]
E1 = Predictions.from_probs(E1_P, E1_Y)


def class_one(calibrator: HistogramBinning, rows: Predictions = E1) -> list[float]:
    return calibrator.fit(rows).transform(rows).scores[:, 1].tolist()


def test_equal_width_bins_are_closed_above() -> None:
    # (0, .1] holds 0, .05 and .1; (.1, .2] holds .2; (.3, .4] .35; (.4, .5] .5; (.9, 1] .95 and 1.
    values = class_one(HistogramBinning("equal-width", bins=10, smoothing=0))
    assert values == pytest.approx([1 / 3, 1 / 3, 1 / 3, 1, 0, 1, 0, 1, 0.5, 0.5])


def test_equal_width_smoothing_adds_a_row_of_the_centre() -> None:
    values = class_one(HistogramBinning("equal-width", bins=10))
    assert values[:4] == pytest.approx([1.05 / 4] * 3 + [1.15 / 2])


def test_an_empty_equal_width_bin_keeps_its_centre() -> None:
    fitted = HistogramBinning("equal-width", bins=10, smoothing=0).fit(E1)
    unseen = Predictions.from_probs([0.25, 0.85], [0, 0])
    assert fitted.transform(unseen).scores[:, 1].tolist() == pytest.approx([0.25, 0.85])


def test_equal_mass_bins_hold_equal_numbers() -> None:
    values = class_one(HistogramBinning(bins=5, smoothing=0))
    assert values == pytest.approx([0.5, 0.5, 0.5, 0.5, 0.5, 0.5, 0.5, 0.5, 0.5, 0.5])
    values = class_one(HistogramBinning(bins=3, smoothing=0))
    assert values == pytest.approx([0.5] * 4 + [1 / 3] * 3 + [2 / 3] * 3)


def test_equal_mass_smoothing_adds_a_row_split_as_the_classes_are() -> None:
    rows = Predictions.from_probs([0.1, 0.2, 0.8, 0.9], [0, 0, 0, 1])
    prior = (1 + 1) / (4 + 2)
    values = class_one(HistogramBinning(bins=2), rows)
    assert values == pytest.approx([prior / 3] * 2 + [(1 + prior) / 3] * 2)


def test_ties_are_never_split() -> None:
    rows = Predictions.from_probs([0.4, 0.4, 0.4, 0.7], [0, 1, 0, 1])
    assert class_one(HistogramBinning(bins=4, smoothing=0), rows) == pytest.approx([1 / 3] * 3 + [1])


def test_every_class_against_the_rest_then_normalised() -> None:
    probs = [[0.6, 0.3, 0.1], [0.2, 0.7, 0.1], [0.1, 0.2, 0.7], [0.5, 0.4, 0.1]]
    rows = Predictions.from_probs(probs, [0, 1, 2, 1])
    fitted = HistogramBinning("equal-width", bins=2, smoothing=0).fit(rows)
    # A half belongs to the lower bin: class 0 is 0 of 3 there and 1 of 1 above, class 1 1 of 3 and 1 of 1.
    scores = fitted.transform(rows).scores
    lower, upper = np.array([0, 1 / 3, 0]), np.array([1, 1, 1])
    expected = np.where(np.array(probs) > 0.5, upper, lower)
    np.testing.assert_allclose(scores, expected / expected.sum(axis=1, keepdims=True))


@pytest.mark.parametrize("arguments", [{"scheme": "quantile"}, {"bins": 0}, {"bins": 2.0}, {"smoothing": -1}])
def test_arguments_are_checked(arguments: dict[str, Any]) -> None:
    with pytest.raises(InvalidArgument, match=next(iter(arguments))):
        HistogramBinning(**arguments)
