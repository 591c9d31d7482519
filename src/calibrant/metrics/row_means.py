"""Weighted means of one value a row: accuracy, mean confidence, log-loss, Brier score."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from operator import attrgetter
from typing import Any, final

import numpy as np
from numpy.typing import NDArray

from calibrant.metrics.convention import Convention
from calibrant.metrics.metric import Measurement, MergeableMetric
from calibrant.metrics.rows import Rows, RowSummary


@dataclass(frozen=True, slots=True)
class MeanState:
    """Rows, their weight, and the weighted sum of one value."""

    n: int = 0
    weight: float = 0.0
    total: float = 0.0

    def merge(self, other: MeanState) -> MeanState:
        """Return the state of both sets of rows."""
        return MeanState(self.n + other.n, self.weight + other.weight, self.total + other.total)


@final
class RowMean(MergeableMetric[MeanState]):
    """Σ w v / Σ w, for a value v that each row has by itself."""

    def __init__(
        self, name: str, *, best: float, definition: str, value: Callable[[RowSummary], NDArray[Any]]
    ) -> None:
        self.name = name
        self.best = best
        self._definition = definition
        self._value = value

    @property
    def empty(self) -> MeanState:
        """The state of no rows."""
        return MeanState()

    def accumulate(self, rows: Rows) -> MeanState:
        """Return the state of these rows."""
        values = self._value(rows.summary)
        if rows.weight.size == 0:
            return MeanState(len(values), float(len(values)), float(values.sum(dtype=np.float64)))
        return MeanState(len(values), float(rows.weight.sum()), float(rows.weight @ values))

    def _finalise(self, state: MeanState) -> Measurement:
        return Measurement(self.name, state.total / state.weight, Convention(self._definition, state.n))


accuracy = RowMean(
    "accuracy",
    best=1.0,
    definition="share of rows whose most probable class (the first, in a tie) is the label",
    value=attrgetter("correct"),
)
"""How often the most probable class is the true one, 0 to 1."""

mean_confidence = RowMean(
    "mean_confidence",
    best=1.0,
    definition="mean probability of the most probable class",
    value=attrgetter("confidence"),
)
"""How sure the classifier is on average, to be held against its accuracy."""

nll = RowMean(
    "nll",
    best=0.0,
    definition="mean of -log max(p_y, 2^-126), nats",
    value=attrgetter("nll"),
)
"""Negative log-likelihood, or log-loss, in nats (Guo et al. 2017, eq. 6). Strictly proper."""

brier = RowMean(
    "brier",
    best=0.0,
    definition="mean of the sum over classes of (p - onehot)^2, 0 to 2",
    value=attrgetter("brier"),
)
"""Brier score (Brier, Monthly Weather Review 1950), summed over classes, 0 to 2. Strictly proper."""
