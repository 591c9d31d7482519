"""Logistic curves of each class's log-odds: Platt, beta and quadratic scaling."""

from __future__ import annotations

from typing import final

import torch
from torch import Tensor, nn

from calibrant._typing import Floats
from calibrant.deploy.heads.head import Head


@final
class LogisticHead(Head):
    """σ(c · features of the log-odds) of each class, divided by their sum; of two classes that of class 1.

    Parameters
    ----------
    features : nn.Module
        From log-odds (n, problems) to features (n, problems, f).
    coefficients : float64 array, (problems, f)
        c.
    """

    coefficients: Tensor

    def __init__(self, features: nn.Module, coefficients: Floats) -> None:
        super().__init__()
        self.features = features
        self.register_buffer("coefficients", torch.tensor(coefficients, dtype=torch.float64))

    def forward(self, logits: Tensor) -> Tensor:
        """Return the probabilities (n, k)."""
        scores = (self.features(log_odds(logits)) * self.coefficients).sum(dim=2)
        if scores.shape[1] == 1:
            scores = torch.cat((-scores, scores), dim=1)
        return torch.softmax(nn.functional.logsigmoid(scores), dim=1)


@final
class LinearFeatures(nn.Module):
    """The log-odds and 1."""

    def forward(self, x: Tensor) -> Tensor:
        """Return the features (n, problems, 2)."""
        return torch.stack((x, torch.ones_like(x)), dim=2)


@final
class BetaFeatures(nn.Module):
    """log p, -log(1 - p) and 1."""

    def forward(self, x: Tensor) -> Tensor:
        """Return the features (n, problems, 3)."""
        logsigmoid = nn.functional.logsigmoid
        return torch.stack((logsigmoid(x), -logsigmoid(-x), torch.ones_like(x)), dim=2)


@final
class QuadraticFeatures(Head):
    """The two parts of a quadratic between the ends of the fitted range, and 1.

    Parameters
    ----------
    ranges : float64 array, (problems, 2)
        Least and greatest log-odds of each class among the fitted rows.
    """

    least: Tensor
    most: Tensor

    def __init__(self, ranges: Floats) -> None:
        super().__init__()
        self.register_buffer("least", torch.tensor(ranges[:, 0], dtype=torch.float64))
        self.register_buffer("most", torch.tensor(ranges[:, 1], dtype=torch.float64))

    def forward(self, x: Tensor) -> Tensor:
        """Return the features (n, problems, 3)."""
        upper = self._rise(x) - self._rise(torch.zeros_like(x))
        return torch.stack((x - upper, upper, torch.ones_like(x)), dim=2)

    def _rise(self, x: Tensor) -> Tensor:
        width = self.most - self.least
        inside = torch.minimum(torch.clamp(x - self.least, min=0.0), width)
        rise = inside * inside / (2 * torch.where(width > 0, width, 1.0))
        return torch.where(width > 0, rise + torch.clamp(x - self.most, min=0.0), x / 2)


def log_odds(logits: Tensor) -> Tensor:
    """Return log p - log(1 - p) of every class, (n, k); of two classes that of class 1 alone, (n, 1)."""
    k = logits.shape[1]
    if k == 2:
        return logits[:, 1:] - logits[:, :1]
    log_probs = torch.log_softmax(logits, dim=1)
    is_top = torch.arange(k, device=logits.device) == logits.argmax(dim=1, keepdim=True)
    # Only the most probable class can be so near to 1 that 1 - p must be added up from the others.
    others = torch.where(is_top, torch.full_like(logits, -torch.inf), logits)
    of_top = logits - torch.logsumexp(others, dim=1, keepdim=True)
    return torch.where(is_top, of_top, log_probs - torch.log1p(-torch.exp(log_probs)))
