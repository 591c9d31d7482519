"""What a sweep knows of rows: sums at each temperature that merge over parts, from one look at every row.

What they come to is the business of `sweep`.
"""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np

from calibrant._typing import Booleans, Floats
from calibrant.engine import Engine
from calibrant.kernels.bins import PER_BIN
from calibrant.kernels.layout import for_kernels, weight_for_kernels
from calibrant.kernels.sweep import LOSSES, sweep_rows
from calibrant.metrics.bins import bin_values, equal_width_edges
from calibrant.metrics.convention import DEFAULT_BINS
from calibrant.metrics.row_means import brier, nll
from calibrant.metrics.rows import Rows
from calibrant.predictions import Predictions, SoftLabelPredictions

LONGEST_CHAIN = 6
"""Squares in a row, each of which doubles the relative error of an exponential: to 3e-14 at most."""


@dataclass(frozen=True, eq=False, slots=True)
class TemperedSums:
    """Sums over rows of softmax(z / T) at t temperatures.

    Attributes
    ----------
    n : int
        Rows.
    bins : float64 array, (t, m, 4)
        Of the top label, in equal-width bins: rows, weight, weighted confidence and weighted correct.
    losses : float64 array, (t, 2)
        Weighted log-loss and Brier score.
    """

    n: int
    bins: Floats
    losses: Floats

    def merge(self, other: TemperedSums) -> TemperedSums:
        """Return the sums of both sets of rows, at the same temperatures."""
        return TemperedSums(self.n + other.n, self.bins + other.bins, self.losses + other.losses)


def tempered_sums(rows: Predictions, engine: Engine, *, temperatures: tuple[float, ...]) -> TemperedSums:
    """Look at rows with one label each, once for all temperatures."""
    order, squared = squarings(temperatures)
    edges = equal_width_edges(DEFAULT_BINS)
    scores = for_kernels(rows.logits())
    inverse = np.array([1 / temperature for temperature in order])
    arguments = (scores, inverse, squared, rows.labels, weight_for_kernels(rows.sample_weight), edges)
    width = DEFAULT_BINS * PER_BIN + LOSSES
    sums = engine.sum_rows(
        lambda start, stop, out: sweep_rows(start, stop, *arguments, out), rows.n, rows.k, len(order) * width
    ).reshape(len(order), width)
    place = {temperature: index for index, temperature in enumerate(order)}
    asked = sums[[place[temperature] for temperature in temperatures]]
    return TemperedSums(rows.n, asked[:, :-LOSSES].reshape(-1, DEFAULT_BINS, PER_BIN), asked[:, -LOSSES:])


def soft_label_sums(
    rows: SoftLabelPredictions, engine: Engine, *, temperatures: tuple[float, ...]
) -> TemperedSums:
    """Look at rows with counts of annotators, once for each temperature."""
    edges, scaled = equal_width_edges(DEFAULT_BINS), replace(rows, scores=rows.logits(), kind="logits")
    bins, losses = [], []
    for temperature in temperatures:
        each = Rows(scaled, engine, temperature)
        bins.append(bin_values(each, each.summary.confidence, each.summary.correct, edges).sums[0])
        losses.append([metric.accumulate(each).total for metric in (nll, brier)])
    return TemperedSums(rows.n, np.stack(bins), np.array(losses))


def squarings(temperatures: tuple[float, ...]) -> tuple[tuple[float, ...], Booleans]:
    """Return the distinct temperatures so ordered that many are half of the one before, and which are.

    1 never follows another, so that what is said of the scores as they are does not depend on what else is
    asked for.

    Examples
    --------
    >>> order, squared = squarings((0.5, 1.0, 1.5, 2.0, 3.0))
    >>> order, squared.tolist()
    ((3.0, 1.5, 2.0, 1.0, 0.5), [False, True, False, False, True])
    """
    distinct = set(temperatures)
    order: list[float] = []
    squared: list[bool] = []
    for first in sorted(distinct, reverse=True):
        temperature, length = first, 0
        while temperature in distinct:
            distinct.remove(temperature)
            order.append(temperature)
            squared.append(length > 0)
            temperature, length = temperature / 2, length + 1
            if temperature == 1.0 or length > LONGEST_CHAIN:
                break
    return tuple(order), np.array(squared)
