"""A set of rows on its way through the metrics: what they share is computed once, in one pass.

Metrics take it; only this file calls the kernel that reads the scores.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property

import numpy as np

from calibrant._typing import Booleans, Floats, Integers
from calibrant.engine import DEFAULT_ENGINE, Engine
from calibrant.kernels.layout import for_kernels, weight_for_kernels
from calibrant.kernels.rows import logit_rows, prob_rows
from calibrant.predictions import Predictions

FLOORED_NLL = 126 * float(np.log(2.0))
"""Log-loss of a true class whose probability is 2⁻¹²⁶ or less."""


@dataclass(frozen=True, slots=True)
class RowSummary:
    """Per row: the top probability and its class, whether it was right, log-loss and Brier score."""

    confidence: Floats
    prediction: Integers
    correct: Booleans
    nll: Floats
    brier: Floats


@dataclass(frozen=True, eq=False)
class Rows:
    """Predictions with the engine that sums over them and, computed on first use, their row summary.

    Logits may be measured at another temperature, without a scaled copy of them.
    """

    predictions: Predictions
    engine: Engine = DEFAULT_ENGINE
    temperature: float = 1.0

    @cached_property
    def summary(self) -> RowSummary:
        """One fused pass over the scores."""
        n, k = self.predictions.n, self.predictions.k
        confidence, nll, brier = np.empty(n), np.empty(n), np.empty(n)
        prediction = np.empty(n, np.int64)
        scores, labels = for_kernels(self.predictions.scores), self.predictions.labels
        outputs = (confidence, prediction, nll, brier)

        def work(start: int, stop: int) -> None:
            if self.predictions.kind == "logits":
                logit_rows(start, stop, scores, labels, 1 / self.temperature, *outputs)
            else:
                prob_rows(start, stop, scores, labels, *outputs)

        self.engine.for_rows(work, n, k)
        correct = prediction == self.predictions.labels
        for array in (*outputs, correct):
            array.flags.writeable = False
        return RowSummary(confidence, prediction, correct, nll, brier)

    @cached_property
    def weight(self) -> Floats:
        """Weight of each row; the empty array means 1."""
        return weight_for_kernels(self.predictions.sample_weight)


def as_rows(predictions: Predictions | Rows, engine: Engine | None = None) -> Rows:
    """Wrap predictions; rows that are wrapped already stay, with what they have computed."""
    if isinstance(predictions, Rows):
        return predictions
    return Rows(predictions, DEFAULT_ENGINE if engine is None else engine)
