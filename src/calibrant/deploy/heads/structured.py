"""Softmax of what is affine in basis functions of the log-probabilities: structured and basis scaling."""

from __future__ import annotations

from collections.abc import Callable
from typing import final

import numpy as np
import torch
from torch import Tensor

from calibrant.calibrators.structured_softmax import StructuredSoftmax
from calibrant.deploy.heads.head import Head


def _floored_log(floor: float) -> Callable[[Tensor], Tensor]:
    return lambda log_probs: torch.log((torch.exp(log_probs) + floor) / (1 + floor))


def _entropy_log(log_probs: Tensor) -> Tensor:
    return -(torch.exp(log_probs) * log_probs).sum(dim=1, keepdim=True) * log_probs


BASIS: dict[str, Callable[[Tensor], Tensor]] = {
    "log": lambda log_probs: log_probs,
    "root_log": lambda log_probs: -torch.sqrt(-torch.clamp(log_probs, max=0.0)),
    "probability": torch.exp,
    "floored_log_0.1": _floored_log(0.1),
    "floored_log_0.01": _floored_log(0.01),
    "entropy_log": _entropy_log,
    "root_probability": lambda log_probs: torch.exp(log_probs / 2),
}
"""`calibrators.basis_functions.BASIS_FUNCTIONS` for tensors."""


@final
class StructuredHead(Head):
    """softmax(Σ_j φ_j (α_j I + D_j + M_j) + b), φ_j functions of the log-softmax at T.

    Parameters
    ----------
    model : StructuredSoftmax
        The fitted numbers.
    """

    temperature: Tensor
    biases: Tensor

    def __init__(self, model: StructuredSoftmax) -> None:
        super().__init__()
        self.register_buffer("temperature", torch.tensor(model.temperature, dtype=torch.float64))
        self.names = tuple(dict.fromkeys((*model.slopes, *model.matrices)))
        self.register_buffer("biases", torch.tensor(model.biases, dtype=torch.float64))
        k = len(model.biases)
        for name in self.names:
            slopes = torch.tensor(model.slopes.get(name, np.zeros(k)), dtype=torch.float64)
            matrix = torch.tensor(model.matrices.get(name, np.zeros((k, k))), dtype=torch.float64)
            self.register_buffer(_of(name), torch.diag(slopes) + matrix)

    def forward(self, logits: Tensor) -> Tensor:
        """Return the probabilities (n, k)."""
        log_probs = torch.log_softmax(logits / self.temperature, dim=1)
        scores = self.biases
        for name in self.names:
            scores = scores + BASIS[name](log_probs) @ self.get_buffer(_of(name))
        return torch.softmax(scores, dim=1)


def _of(name: str) -> str:
    """Return what the weights of a basis function are called; a buffer's name has no dot."""
    return f"weights_{name.replace('.', '_')}"
