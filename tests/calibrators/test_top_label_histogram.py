"""Top-label histogram binning: bins within each predicted class."""

import numpy as np
import pytest

from calibrant.calibrators import TopLabelHistogramBinning
from calibrant.metrics import accuracy
from calibrant.predictions import Predictions
from tests.drawn_predictions import overconfident


def test_each_predicted_class_has_its_own_bins() -> None:
    confidence = np.array([0.6, 0.7, 0.8, 0.9, 0.6, 0.7])
    predicted = np.array([0, 0, 0, 0, 1, 1])
    probs = np.where(predicted[:, None] == [0, 1], confidence[:, None], 1 - confidence[:, None])
    rows = Predictions.from_probs(probs, [0, 1, 0, 0, 1, 1])
    scores = TopLabelHistogramBinning(2, smoothing=0).fit(rows).transform(rows).scores
    np.testing.assert_allclose(scores[:, 0], [0.5, 0.5, 1, 1, 0, 0])


def test_the_number_of_bins_follows_the_number_of_rows() -> None:
    rows = overconfident(1000, 4)
    fitted = TopLabelHistogramBinning(100).fit(rows)
    predicted = np.bincount(rows.scores.argmax(axis=1), minlength=4)
    assert [len(curve.knots) for curve in fitted.curves_] == (predicted // 100).tolist()


def test_a_class_never_predicted_takes_the_bins_of_all_rows() -> None:
    rows = overconfident(300, 3)
    seen = rows.take(rows.scores.argmax(axis=1) != 2)
    fitted = TopLabelHistogramBinning().fit(seen)
    assert len(fitted.curves_[2].knots) == seen.n // 50


def test_confidence_is_calibrated_and_no_prediction_changes() -> None:
    validation, test = overconfident(6000, 3, seed=1), overconfident(6000, 3, seed=2)
    calibrated = TopLabelHistogramBinning().fit(validation).transform(test)
    assert accuracy(calibrated).value == accuracy(test).value
    for index in range(3):
        predicted = test.scores.argmax(axis=1) == index
        claimed = calibrated.scores[predicted, index].mean()
        assert claimed == pytest.approx((test.labels[predicted] == index).mean(), abs=0.03)
