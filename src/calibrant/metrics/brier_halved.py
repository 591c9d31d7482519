"""The Brier score from 0 to 1: half the sum over classes, which for two classes is (p - y)² of class 1."""

from __future__ import annotations

from calibrant._typing import Floats
from calibrant.metrics.row_means import RowMean
from calibrant.metrics.rows import RowSummary


def _half(summary: RowSummary) -> Floats:
    return summary.brier / 2


brier_halved = RowMean(
    "brier_halved",
    best=0.0,
    definition="mean of half the sum over classes of (p - onehot)^2, 0 to 1; for two classes (p1 - y)^2",
    value=_half,
)
"""Half the Brier score `brier`: the form that is usual for two classes. Strictly proper."""
