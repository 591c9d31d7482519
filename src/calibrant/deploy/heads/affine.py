"""Softmax of an affine map of the logits: temperature, vector, matrix and Dirichlet scaling."""

from __future__ import annotations

from typing import final

import torch
from torch import Tensor

from calibrant._typing import Floats
from calibrant.deploy.heads.head import Head


@final
class AffineHead(Head):
    """softmax(W z + b), z the logits or their log-softmax.

    Parameters
    ----------
    weights : float64 array, (k, k)
        W.
    biases : float64 array, (k,)
        b.
    normalised : bool
        Whether z is the log-softmax.
    """

    weights: Tensor
    biases: Tensor

    def __init__(self, weights: Floats, biases: Floats, *, normalised: bool = False) -> None:
        super().__init__()
        self.register_buffer("weights", torch.tensor(weights, dtype=torch.float64))
        self.register_buffer("biases", torch.tensor(biases, dtype=torch.float64))
        self.normalised = normalised

    def forward(self, logits: Tensor) -> Tensor:
        """Return the probabilities (n, k)."""
        inputs = torch.log_softmax(logits, dim=1) if self.normalised else logits
        return torch.softmax(inputs @ self.weights.T + self.biases, dim=1)


@final
class ScaledHead(Head):
    """softmax(a z + b) with one slope for all classes or one for each.

    Parameters
    ----------
    slopes : float or float64 array, (k,)
        a.
    biases : float or float64 array, (k,)
        b.
    """

    slopes: Tensor
    biases: Tensor

    def __init__(self, slopes: Floats | float, biases: Floats | float) -> None:
        super().__init__()
        self.register_buffer("slopes", torch.tensor(slopes, dtype=torch.float64))
        self.register_buffer("biases", torch.tensor(biases, dtype=torch.float64))

    def forward(self, logits: Tensor) -> Tensor:
        """Return the probabilities (n, k)."""
        return torch.softmax(logits * self.slopes + self.biases, dim=1)
