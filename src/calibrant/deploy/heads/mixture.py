"""Ensemble temperature scaling: a mean of tempered, plain and uniform probabilities."""

from __future__ import annotations

from typing import final

import torch
from torch import Tensor

from calibrant._typing import Floats
from calibrant.deploy.heads.head import Head


@final
class MixtureHead(Head):
    """w₁ softmax(z / T) + w₂ softmax(z) + w₃ / k.

    Parameters
    ----------
    temperature : float
        T.
    shares : float64 array, (3,)
        The weights, which sum to 1.
    """

    temperature: Tensor
    shares: Tensor

    def __init__(self, temperature: float, shares: Floats) -> None:
        super().__init__()
        self.register_buffer("temperature", torch.tensor(temperature, dtype=torch.float64))
        self.register_buffer("shares", torch.tensor(shares, dtype=torch.float64))

    def forward(self, logits: Tensor) -> Tensor:
        """Return the probabilities (n, k)."""
        tempered = torch.softmax(logits / self.temperature, dim=1)
        plain = torch.softmax(logits, dim=1)
        return self.shares[0] * tempered + self.shares[1] * plain + self.shares[2] / logits.shape[1]
