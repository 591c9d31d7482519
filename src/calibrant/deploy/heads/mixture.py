"""Ensemble temperature scaling: a mean of tempered, plain and uniform probabilities."""

from __future__ import annotations

from typing import final

import torch
from torch import Tensor, nn

from calibrant._typing import Floats


@final
class MixtureHead(nn.Module):
    """w₁ softmax(z / T) + w₂ softmax(z) + w₃ / k.

    Parameters
    ----------
    temperature : float
        T.
    shares : float64 array, (3,)
        The weights, which sum to 1.
    """

    def __init__(self, temperature: float, shares: Floats) -> None:
        super().__init__()
        self.temperature = temperature
        self.tempered, self.plain, self.uniform = shares.tolist()

    def forward(self, logits: Tensor) -> Tensor:
        """Return the probabilities (n, k)."""
        tempered = torch.softmax(logits / self.temperature, dim=1)
        plain = torch.softmax(logits, dim=1)
        probs: Tensor = self.tempered * tempered + self.plain * plain + self.uniform / logits.shape[1]
        return probs
