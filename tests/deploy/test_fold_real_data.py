"""On real birds and cats a folded layer says what the wrapped one says, and no answer changes."""

from __future__ import annotations

import numpy as np
import pytest
import torch
from torch import nn

from calibrant.calibrators import calibrator
from calibrant.deploy import CalibratedModel, fold
from calibrant.deploy.fold import FOLDED
from tests.deploy.test_calibrator_file import birds_and_cats


@pytest.mark.data
@pytest.mark.parametrize("method", FOLDED)
def test_it_says_what_the_wrapped_layer_says(method: str) -> None:
    validation, test = birds_and_cats("val"), birds_and_cats("test")
    fitted = calibrator(method).fit(validation)
    # Its logits are those of the network, made of twice as many features that are half as large.
    layer = nn.Linear(4, 2, bias=False)
    layer.weight.data = torch.tensor([[1.0, 0.0, 1.0, 0.0], [0.0, 1.0, 0.0, 1.0]])
    features = torch.tensor(np.tile(test.logits() / 2, 2), dtype=torch.float32)
    with torch.no_grad():
        folded = torch.softmax(fold(layer, fitted)(features).double(), dim=1).numpy()
        wrapped = CalibratedModel(layer, fitted)(features).numpy()
    assert folded == pytest.approx(wrapped, abs=1e-6)
    assert folded == pytest.approx(fitted.transform(test).probs(), abs=1e-6)
    if fitted.keeps_argmax:
        assert np.array_equal(folded.argmax(axis=1), test.scores.argmax(axis=1))
