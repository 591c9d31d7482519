"""A head that was fitted on probabilities, behind logits."""

from __future__ import annotations

from typing import final

import torch
from torch import Tensor

from calibrant.deploy.heads.head import Around
from calibrant.predictions.scored_rows import SMALLEST_PROBABILITY


@final
class OfProbabilities(Around):
    """Another head of log max(p, 2⁻¹²⁶), p the softmax of the logits, which has no level of theirs."""

    def forward(self, logits: Tensor) -> Tensor:
        """Return the probabilities (n, k)."""
        probs = torch.clamp(torch.softmax(logits, dim=1), min=SMALLEST_PROBABILITY)
        calibrated: Tensor = self.head(torch.log(probs))
        return calibrated
