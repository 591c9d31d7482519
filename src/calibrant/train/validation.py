"""Scores of a network on the validation rows after an epoch.

The measures are those of the rest of the package; here the logits are only handed over.
"""

from __future__ import annotations

from dataclasses import dataclass

import torch

from calibrant import metrics
from calibrant.calibrators import TemperatureScaling
from calibrant.datasets.images import Images
from calibrant.predictions import Predictions
from calibrant.train.losses import Loss
from calibrant.train.predict import Logits


@dataclass(frozen=True)
class ValidationScores:
    """Scores on validation rows.

    Attributes
    ----------
    loss : float
        The loss that training minimises.
    nll, accuracy, ece : float
        Log-loss in nats, accuracy, top-label ECE with 15 equal-width bins.
    temperature : float
        Temperature that minimises the log-loss.
    """

    loss: float
    nll: float
    accuracy: float
    ece: float
    temperature: float


def score(logits: Logits, images: Images, loss: Loss) -> ValidationScores:
    """Score the `logits` of some images against their labels."""
    predictions = Predictions.from_logits(logits, images.labels.cpu().numpy())
    return ValidationScores(
        loss=loss(torch.from_numpy(logits), images.labels.cpu()).item(),
        nll=metrics.nll(predictions).value,
        accuracy=metrics.accuracy(predictions).value,
        ece=metrics.ece(predictions).value,
        temperature=TemperatureScaling().fit(predictions).temperature_,
    )
