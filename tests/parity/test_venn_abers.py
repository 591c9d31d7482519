"""Venn-Abers pairs are those of the package venn-abers."""

import numpy as np
import pytest

from calibrant.calibrators import VennAbers
from tests.drawn_predictions import overconfident

venn_abers = pytest.importorskip("venn_abers", reason="the package venn-abers is not installed")


@pytest.mark.parametrize("seed", range(3))
def test_pairs_and_merged_probabilities(seed: int) -> None:
    rows, test = overconfident(700, 2, seed=seed), overconfident(300, 2, seed=seed + 10)
    peer = venn_abers.VennAbers()
    peer.fit(rows.probs(), rows.labels, precision=None)
    merged, pair = peer.predict_proba(test.probs())
    fitted = VennAbers().fit(rows)
    ours = fitted.intervals(test)
    np.testing.assert_allclose(ours.lower[:, 1], pair[:, 0], atol=1e-12)
    np.testing.assert_allclose(ours.upper[:, 1], pair[:, 1], atol=1e-12)
    np.testing.assert_allclose(fitted.transform(test).scores[:, 1], merged[:, 1], atol=1e-12)
