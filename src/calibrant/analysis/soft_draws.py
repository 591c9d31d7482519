"""How far the bins of soft labels stray by chance: drawn from the spread of the annotators' shares.

Labels drawn from the confidences would stray too far: the share of a row is a mean over annotators already,
and nobody knows beforehand how much they have in common.
"""

from __future__ import annotations

import numpy as np

from calibrant._typing import Floats
from calibrant.errors import EmptyPredictions, InvalidArgument
from calibrant.metrics.bins import bin_by_edges, equal_width_edges
from calibrant.metrics.views import View

METHOD = "normal bins, from the spread of share - confidence in each"


def draw_soft_errors(view: View, bins: int, replicates: int, generator: np.random.Generator) -> Floats:
    """Return simulated equal-width errors Σ_b (n_b/n) |Z_b|, Z_b normal around 0, (replicates,).

    Parameters
    ----------
    view : View
        A probability and a share a row. A weight of w counts as w rows.
    bins : int
        Number of equal-width bins.
    replicates : int
        Errors to simulate.
    generator : numpy.random.Generator
        Where chance comes from.

    Notes
    -----
    Under calibration the differences d = share - confidence in a bin have mean 0, and their mean over n_b
    rows is nearly normal with variance s_b²/n_b. s_b² = Σ (d - mean d)²/(n_b - 1) is measured, so that it
    holds whatever the annotators have in common; a bin of one row (a weight of 1 or less) takes the largest
    variance that its confidence allows, c (1 - c). Confidences and bins stay as they are.

    Examples
    --------
    >>> view = View(np.full(100, 0.5), np.tile([0.25, 0.75], 50), np.ones(0))
    >>> round(float(draw_soft_errors(view, 15, 4000, np.random.default_rng(0)).mean()), 3)
    0.02
    """
    if replicates < 2:
        raise InvalidArgument(f"replicates must be at least 2; got {replicates}.")
    weight = view.weight if view.weight.size else np.ones(len(view.values))
    if not weight.any():
        raise EmptyPredictions("all rows weigh 0: there is nothing to simulate.")
    edges = equal_width_edges(bins)
    sums = bin_by_edges(view.values, view.correct, weight, edges).sums[0]
    filled = sums[:, 1] > 0
    rows, confidence = sums[filled, 1], sums[filled, 2] / sums[filled, 1]
    index = np.searchsorted(edges[1:-1], view.values, side="left")
    gaps = np.zeros(bins)
    gaps[filled] = (sums[filled, 3] - sums[filled, 2]) / rows
    squares = np.bincount(index, weight * (view.correct - view.values - gaps[index]) ** 2, minlength=bins)
    some = rows > 1
    spread = np.where(some, squares[filled] / np.where(some, rows - 1, 1.0), confidence * (1 - confidence))
    deviation = np.sqrt(spread / rows)
    strayed = np.abs(generator.standard_normal((replicates, len(rows))) * deviation)
    return np.asarray(strayed @ (rows / rows.sum()))
