"""Scaling-binning says the mean scaled value of each bin."""

import numpy as np
import pytest

from calibrant.calibrators import ScalingBinning, TemperatureScaling
from calibrant.errors import InvalidArgument
from calibrant.metrics import accuracy, nll
from tests.drawn_predictions import overconfident


def test_a_bin_says_the_mean_of_what_the_scaling_says_there() -> None:
    rows = overconfident(400, 2)
    scaled = TemperatureScaling().fit(rows).transform(rows).probs()[:, 1]
    fitted = ScalingBinning(mode="one-vs-rest", bins=4, smoothing=0).fit(rows)
    order = np.argsort(scaled)
    expected = np.repeat(scaled[order].reshape(4, 100).mean(axis=1), 100)
    np.testing.assert_allclose(fitted.transform(rows).scores[order, 1], expected, rtol=1e-12)


def test_top_label_bins_keep_accuracy_and_stay_near_temperature_scaling() -> None:
    validation, test = overconfident(4000, 5, seed=1), overconfident(4000, 5, seed=2)
    scaled = TemperatureScaling().fit(validation).transform(test)
    binned = ScalingBinning().fit(validation).transform(test)
    assert accuracy(binned).value == accuracy(test).value
    assert nll(binned).value == pytest.approx(nll(scaled).value, abs=0.01)


def test_it_takes_few_values() -> None:
    rows = overconfident(1000, 2)
    scores = ScalingBinning(mode="one-vs-rest", bins=8).fit(rows).transform(rows).scores[:, 1]
    assert len(np.unique(scores)) == 8


def test_platt_scaling_may_come_first() -> None:
    rows = overconfident(1000, 2)
    fitted = ScalingBinning("platt").fit(rows)
    assert fitted.parameters()["scaling"] == "platt"
    assert nll(fitted.transform(rows)).value < nll(rows).value


def test_the_scaling_is_checked() -> None:
    with pytest.raises(InvalidArgument, match="scaling"):
        ScalingBinning("isotonic")  # type: ignore[arg-type]
