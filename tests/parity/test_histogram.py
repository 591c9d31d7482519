"""Histogram binning without smoothing is netcal's, in float64 and away from the edges of bins."""

import numpy as np
import pytest

from calibrant.calibrators import HistogramBinning
from tests.drawn_predictions import overconfident

binning = pytest.importorskip("netcal.binning", reason="netcal is not installed")


def test_equal_width_bins_of_the_positive_class() -> None:
    rows, test = overconfident(3000, 2), overconfident(500, 2, seed=4)
    peer = binning.HistogramBinning(bins=10)
    peer.fit(rows.probs()[:, 1], rows.labels)
    ours = HistogramBinning("equal-width", bins=10, smoothing=0).fit(rows).transform(test)
    np.testing.assert_allclose(ours.scores[:, 1], peer.transform(test.probs()[:, 1]).ravel(), atol=1e-12)
