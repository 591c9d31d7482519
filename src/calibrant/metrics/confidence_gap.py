"""Mean confidence minus accuracy, with its sign: above 0 the classifier is too sure of itself."""

from __future__ import annotations

from calibrant._typing import Floats
from calibrant.metrics.row_means import RowMean
from calibrant.metrics.rows import RowSummary


def _gap(summary: RowSummary) -> Floats:
    return summary.confidence - summary.correct


confidence_gap = RowMean(
    "confidence_gap",
    best=0.0,
    definition="mean confidence minus accuracy: above 0 overconfident, below 0 underconfident",
    value=_gap,
)
"""The signed gap of all rows in one bin; its size is never above the ECE. Opposite gaps cancel in it."""
