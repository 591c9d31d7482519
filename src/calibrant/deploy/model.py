"""`CalibratedModel`: a network and its calibrator as one module that returns calibrated probabilities."""

from __future__ import annotations

from typing import final

import torch
from torch import Tensor, nn

from calibrant.calibrators import Calibrator
from calibrant.deploy.heads import head_of


@final
class CalibratedModel(nn.Module):
    """A network that says calibrated probabilities.

    Parameters
    ----------
    model : nn.Module
        Maps a batch to logits (n, k), or to one logit z a row, (n, 1) or (n,), which stands for the two
        logits (0, z).
    calibrator : Calibrator
        Fitted on logits of this network; a method that is a function of the logits.

    Raises
    ------
    NotFitted
        The calibrator is not fitted.
    IncompatiblePredictions
        The method is a table of its validation rows, which no formula replaces.

    Notes
    -----
    The calibrator's arithmetic is in float64, as it was fitted; the probabilities, (n, k), are float32.

    Examples
    --------
    >>> from calibrant import TemperatureScaling
    >>> model = CalibratedModel(nn.Identity(), TemperatureScaling(2.0))
    >>> [round(p, 3) for p in model(torch.tensor([[2.0, 0.0]]))[0].tolist()]
    [0.731, 0.269]
    """

    def __init__(self, model: nn.Module, calibrator: Calibrator) -> None:
        super().__init__()
        self.model = model
        self.head = head_of(calibrator)

    def forward(self, batch: Tensor) -> Tensor:
        """Return the probabilities, float32 (n, k)."""
        probs: Tensor = self.head(both_logits(self.model(batch)).double())
        return probs.float()


def both_logits(logits: Tensor) -> Tensor:
    """Return logits (n, k), where one logit z a row becomes (0, z)."""
    if logits.dim() == 1:
        logits = logits[:, None]
    if logits.shape[1] == 1:
        return torch.cat((torch.zeros_like(logits), logits), dim=1)
    return logits
