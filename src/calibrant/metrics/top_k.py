"""The label among the few most probable classes: how often, and how well their probabilities say so.

Both count ties at the border by the chance that the label is kept, so no order of the classes is preferred.
"""

from __future__ import annotations

from dataclasses import replace
from typing import final

import numpy as np

from calibrant._typing import Floats
from calibrant.errors import InvalidArgument
from calibrant.kernels.bins import PER_BIN, value_bins
from calibrant.kernels.layout import for_kernels
from calibrant.kernels.top_classes import top_classes
from calibrant.metrics.bins import EMPTY_BINS, BinState, equal_width_edges
from calibrant.metrics.convention import DEFAULT_BINS, Convention
from calibrant.metrics.gaps import calibration_error
from calibrant.metrics.metric import Measurement, MergeableMetric
from calibrant.metrics.row_means import MeanState
from calibrant.metrics.rows import Rows
from calibrant.predictions import SoftLabelPredictions


@final
class TopAccuracy(MergeableMetric[MeanState]):
    """Share of rows whose label is among the `count` most probable classes, or among all if they are fewer.

    Parameters
    ----------
    name : str
        Name in results.
    count : int
        How many classes count.

    Notes
    -----
    Where the label's score is tied across the border, the row counts with the share of the tied classes that
    still find a place. With count 1 this is the accuracy, but for ties: `accuracy` takes the first class.

    Examples
    --------
    >>> from calibrant.predictions import Predictions
    >>> rows = Predictions.from_probs([[0.5, 0.3, 0.2], [0.4, 0.3, 0.3]], [1, 2])
    >>> TopAccuracy("top2_accuracy", count=2)(rows).value
    0.75
    """

    best = 1.0

    def __init__(self, name: str, *, count: int) -> None:
        self.name = name
        self.count = _check_count(count)

    @property
    def empty(self) -> MeanState:
        """The state of no rows."""
        return MeanState()

    def accumulate(self, rows: Rows) -> MeanState:
        """Return the state of these rows."""
        _, hit = top_of_rows(rows, self.count)
        if rows.weight.size == 0:
            return MeanState(len(hit), float(len(hit)), float(hit.sum()))
        return MeanState(len(hit), float(rows.weight.sum()), float(rows.weight @ hit))

    def _finalise(self, state: MeanState) -> Measurement:
        words = f"share of rows whose label is among the {self.count} most probable classes, ties by chance"
        return Measurement(self.name, state.total / state.weight, Convention(words, state.n))


@final
class TopCalibrationError(MergeableMetric[BinState]):
    """The ECE of the event that the label is among the `count` most probable classes.

    Parameters
    ----------
    name : str
        Name in results.
    count : int
        How many classes count; their probabilities add up to the confidence.
    bins : int
        Number m of equal-width bins (lo, hi].

    Notes
    -----
    Σ (n_b/n)|acc_b - conf_b|, as Guo et al. 2017, eq. 3, with the confidence and the event of the top-k
    prediction (Gupta et al., ICLR 2021, section 2). With count 1 it is the top-label ECE, but for ties; where
    `count` reaches the number of classes it is 0.

    Examples
    --------
    >>> from calibrant.predictions import Predictions
    >>> rows = Predictions.from_probs([[0.5, 0.25, 0.25], [0.25, 0.5, 0.25]], [0, 1])
    >>> TopCalibrationError("top2_ece", count=2)(rows).value
    0.25
    """

    best = 0.0

    def __init__(self, name: str, *, count: int, bins: int = DEFAULT_BINS) -> None:
        self.name = name
        self.count = _check_count(count)
        self.edges: Floats = equal_width_edges(bins)
        self.edges.flags.writeable = False

    @property
    def empty(self) -> BinState:
        """The state of no rows."""
        return EMPTY_BINS

    def accumulate(self, rows: Rows) -> BinState:
        """Return the state of these rows."""
        n, m = rows.n, len(self.edges) - 1
        arguments = (*top_of_rows(rows, self.count), rows.weight, self.edges)
        sums = rows.engine.sum_rows(
            lambda start, stop, out: value_bins(start, stop, *arguments, out), n, 1, m * PER_BIN
        )
        return BinState(n, sums.reshape(1, m, PER_BIN))

    def _finalise(self, state: BinState) -> Measurement:
        convention = Convention(
            definition=(
                "mean over rows of |accuracy - confidence| in the row's bin, for the event that the label "
                f"is among the {self.count} most probable classes"
            ),
            n=state.n,
            scheme="equal-width",
            bins=len(self.edges) - 1,
            edges="(lo, hi], first closed at 0, at j/m",
            norm="l1",
            debiased=False,
        )
        return Measurement(self.name, float(calibration_error(state, "l1")[0]), convention)


def top_of_rows(rows: Rows, count: int) -> tuple[Floats, Floats]:
    """Return each row's sum of its `count` greatest probabilities, and how far the label is among them."""
    predictions = rows.predictions
    n, k = predictions.n, predictions.k
    if count >= k:
        return np.ones(n), np.ones(n)
    if isinstance(predictions, SoftLabelPredictions):
        return _of_soft_labels(rows, predictions, count)
    confidence, hit = np.empty(n), np.empty(n)
    arguments = (
        for_kernels(predictions.scores),
        predictions.kind == "logits",
        1 / rows.temperature,
        predictions.labels,
        count,
        confidence,
        hit,
    )
    rows.engine.for_rows(lambda start, stop: top_classes(start, stop, *arguments), n, k)
    return confidence, hit


def _of_soft_labels(rows: Rows, predictions: SoftLabelPredictions, count: int) -> tuple[Floats, Floats]:
    """Return the confidence, and the mean over a row's annotators of whether their class is among the top."""
    expanded = replace(predictions, sample_weight=None).expanded()
    assert expanded.sample_weight is not None
    confidence, hit = top_of_rows(Rows(expanded, rows.engine, rows.temperature), count)
    first = np.cumsum(predictions.answers) - predictions.answers
    return confidence[first], np.add.reduceat(expanded.sample_weight * hit, first)


def _check_count(count: int) -> int:
    if not isinstance(count, int | np.integer) or isinstance(count, bool) or count < 1:
        raise InvalidArgument(f"count must be a whole number, at least 1; got {count!r}.")
    return int(count)
