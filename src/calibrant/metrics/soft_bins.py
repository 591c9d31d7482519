"""Class-wise bins of soft labels: each class's probability against the share of annotators who chose it."""

from __future__ import annotations

from calibrant._typing import Floats
from calibrant.kernels.bins import PER_BIN
from calibrant.kernels.layout import for_kernels
from calibrant.kernels.soft_bins import soft_class_bins
from calibrant.metrics.bins import BinState
from calibrant.metrics.rows import Rows
from calibrant.predictions import SoftLabelPredictions


def bin_soft_classes(rows: Rows, edges: Floats) -> BinState:
    """Count every class's probability, one against the rest, into equal-width bins."""
    predictions, m = rows.source, len(edges) - 1
    assert isinstance(predictions, SoftLabelPredictions)
    n, k = predictions.n, predictions.k
    arguments = (
        for_kernels(predictions.scores),
        predictions.kind == "logits",
        1 / rows.temperature,
        predictions.shares,
        rows.weight,
        edges,
    )
    sums = rows.engine.sum_rows(
        lambda start, stop, out: soft_class_bins(start, stop, *arguments, out), n, k, k * m * PER_BIN
    )
    return BinState(n, sums.reshape(k, m, PER_BIN))
