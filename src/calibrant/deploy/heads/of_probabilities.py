"""A head that was fitted on probabilities, behind logits."""

from __future__ import annotations

from typing import final

import torch
from torch import Tensor, nn

from calibrant.deploy.heads.head import Head
from calibrant.predictions.scored_rows import SMALLEST_PROBABILITY


@final
class OfProbabilities(Head):
    """Another head of log max(p, 2⁻¹²⁶), p the softmax of the logits, which has no level of theirs.

    Parameters
    ----------
    head : nn.Module
        From logits to probabilities.
    """

    def __init__(self, head: nn.Module) -> None:
        super().__init__()
        self.head = head

    def forward(self, logits: Tensor) -> Tensor:
        """Return the probabilities (n, k)."""
        probs = torch.clamp(torch.softmax(logits, dim=1), min=SMALLEST_PROBABILITY)
        calibrated: Tensor = self.head(torch.log(probs))
        return calibrated
