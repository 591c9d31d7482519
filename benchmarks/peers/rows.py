"""The rows that every tool gets, in the form it takes them, made once and outside what is timed."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from typing import Any

import numpy as np
import torch
from numpy.typing import NDArray

from benchmarks.evaluate import make_logits
from calibrant import Predictions


@dataclass(frozen=True, eq=False)
class BenchmarkRows:
    """Float32 logits that are over-confident by 1.7, and labels."""

    logits: NDArray[np.float32]
    labels: NDArray[np.int64]

    @classmethod
    def of(cls, rows: int, classes: int) -> BenchmarkRows:
        """Return rows of so many classes."""
        return cls(*make_logits(rows, classes))

    @cached_property
    def predictions(self) -> Predictions:
        """What calibrant takes."""
        return Predictions.from_logits(self.logits, self.labels)

    @cached_property
    def probs(self) -> NDArray[np.float32]:
        """What scikit-learn and netcal's measures take; in float64 they would be slower."""
        return self.double_probs.astype(np.float32)

    @cached_property
    def double_probs(self) -> NDArray[np.float64]:
        """What netcal's fits take: from float32 they return where they started, T = 1."""
        return self.predictions.probs()

    @cached_property
    def tensors(self) -> tuple[Any, Any]:
        """Logits and labels, for what is made with PyTorch."""
        return torch.from_numpy(self.logits), torch.from_numpy(self.labels)
