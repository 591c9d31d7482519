"""Validation scores are those of the rest of the package."""

from __future__ import annotations

import pytest
import torch

import calibrant
from calibrant.datasets.images import Images
from calibrant.nets.heads import HeadName, head_named
from calibrant.train.validation import score


@pytest.mark.parametrize(("name", "outputs"), [("softmax", 2), ("sigmoid", 1)])
def test_scores_of_either_head(name: HeadName, outputs: int) -> None:
    generator = torch.Generator().manual_seed(0)
    logits = (4 * torch.randn(200, outputs, generator=generator)).numpy()
    labels = torch.randint(2, (200,), generator=generator)
    images = Images(torch.zeros(200, 1, 1, 1, dtype=torch.uint8), labels)
    found = score(logits, images, head_named(name, classes=2).loss)
    expected = calibrant.evaluate(calibrant.Predictions.from_logits(logits, labels.numpy()))
    assert (found.nll, found.accuracy, found.ece) == (expected.nll, expected.accuracy, expected.ece)
    assert found.loss == pytest.approx(found.nll, rel=1e-5)
    assert found.temperature > 1
