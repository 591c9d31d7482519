"""The debiased squared error of all classes, which share their labels, and its distribution for any truth.

The interval is `l2_error_interval`. That of the top label or of one class: `squared_error`.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from functools import partial

import numpy as np

from calibrant._typing import Floats
from calibrant.analysis.drawn_errors import ClassDraws, squared_of
from calibrant.analysis.squared_error import SquaredError, outcome_variance
from calibrant.errors import InvalidArgument
from calibrant.kernels.few_rows import gap_sums_of_few
from calibrant.kernels.label_draws import gap_sums
from calibrant.kernels.layout import for_kernels
from calibrant.metrics.bins import BinState, equal_width_edges
from calibrant.metrics.rows import Rows

_ONE_ROW = 1.5
# Labels whose variance squared is less than this are never drawn, so their draws say nothing of chance.
_NEVER = 1e-200
_TINY = np.finfo(np.float64).tiny


@dataclass(frozen=True, eq=False, slots=True)
class _Noise:
    """Noise of the cells at the observed frequencies, pooled over classes.

    `factor`, (m,), is how much more frequent labels are than their probability, `added`, (m,), how frequent
    they are where it is 0, which no factor mends, and `growth` how much more variance that means. The rest is
    for independent cells: a floor where no draw ever differs.
    """

    factor: Floats
    added: Floats
    growth: float
    variance: float
    third: float
    slope: float


GapWork = Callable[[Rows], Floats]
"""What is summed over rows once their gaps are known."""


def class_squared_error(
    state: BinState, drawn: ClassDraws, total: Callable[[GapWork], Floats]
) -> SquaredError:
    """Return the mean over classes of the debiased squared error, and what its variance is made of.

    Parameters
    ----------
    state : BinState
        Class-wise bins of rows without weights, (k, m, 4).
    drawn : ClassDraws
        The same error of labels drawn from the probabilities.
    total : callable
        Adds up over the same rows what it is given.

    Raises
    ------
    InvalidArgument
        No bin has two rows.

    Notes
    -----
    The estimate is centred by the mean of the draws, so that calibrated probabilities have 0 on average.
    Where the truth is 0, variance and third moment are those of the draws, scaled from the probabilities'
    to the observed frequencies' variance. For each unit of the true error the variance gains that of the
    influence of a row,

        ψ_i = (1/k) [2 Σ_c d_c (y_ic - p_ic) - Σ_c d_c²],

    d_c the gap of the bin of p_ic among those of class c, over n times that error: the one-hot labels y_i
    enter with their covariance, given their probabilities mended bin by bin to the observed frequencies.
    """
    used = state.weight > _ONE_ROW
    if not used.any():
        raise InvalidArgument("no bin has two rows, so nothing is known about chance. Use fewer bins.")
    noise = _noise(state, state.n * len(state.sums))
    mean = float(drawn.squared.mean())
    null = drawn.squared - mean
    estimate = squared_of(state) - mean
    # Where no draw differs from another, next to probabilities of 0 and 1, there is nothing to scale.
    growth = noise.growth if drawn.squared.min() < drawn.squared.max() else 0.0
    variance = max(growth * float((null**2).mean()), noise.variance)
    linear, between = _slopes(state, noise, estimate, variance, total)
    return SquaredError(
        estimate=estimate,
        variance=variance,
        third=max(growth**1.5 * float((null**3).mean()), noise.third),
        variance_slope=linear + between,
        third_slope=1.5 * linear**2,
        left_out=int(np.count_nonzero((state.weight > 0) & ~used)),
    )


def _slopes(
    state: BinState,
    noise: _Noise,
    estimate: float,
    variance: float,
    sum_over: Callable[[GapWork], Floats],
) -> tuple[float, float]:
    """Return the variance of the labels' influence and of the bins' for each unit of the true error.

    The gaps that enter are the observed ones. What chance alone adds to them, twice the variance at 0 to the
    former and the bias to the error itself, is taken out as far as the error stands out from chance.
    """
    n, k = state.n, len(state.sums)
    gaps = np.nan_to_num(state.accuracy - state.confidence, nan=0.0)
    labels, total, squares = (
        float(each)
        for each in sum_over(partial(_gap_sums, gaps=gaps, factor=noise.factor, added=noise.added))
    )
    plain = total / (n * k)
    if plain <= 0:
        return noise.slope, 0.0
    clear = estimate**2 / (estimate**2 + variance) if estimate > 0 else 0.0
    influence = 4 * labels / (n * k) ** 2
    error = plain - clear * (plain - estimate)
    between = max(squares / (n * k**2) - plain**2, 0.0) / n / plain
    return max(influence - clear * 2 * variance, 0.0) / error, between


def _noise(state: BinState, cells: int) -> _Noise:
    rows, probability, right = (state.sums[..., column].sum(axis=0) for column in (1, 2, 3))
    filled = (state.weight > _ONE_ROW).sum(axis=0)
    some = filled > 0
    rows, filled = rows[some], filled[some]
    mean, seen = probability[some] / rows, right[some] / rows
    factor, added, possible = np.ones(len(some)), np.zeros(len(some)), mean > _TINY
    factor[some] = np.divide(
        rows * seen + 2 * mean, (rows + 2) * mean, out=np.ones_like(mean), where=possible
    )
    added[some] = np.where(possible, 0.0, rows * seen / (rows + 2))
    before, after = mean * (1 - mean), outcome_variance(rows, mean, seen)
    base = float(filled @ before**2)
    return _Noise(
        factor=factor,
        added=added,
        growth=float(filled @ after**2) / base if base > _NEVER else 1.0,
        variance=2 * float(filled @ after**2) / cells**2,
        third=8 * float(filled @ after**3) / cells**3,
        slope=4 * float(filled @ after**2) / float(filled @ after) / cells,
    )


def _gap_sums(rows: Rows, *, gaps: Floats, factor: Floats, added: Floats) -> Floats:
    predictions = rows.predictions
    n, k = predictions.n, predictions.k
    edges = equal_width_edges(gaps.shape[1])
    if rows.few_probs is not None:
        return gap_sums_of_few(rows.few_probs, edges, gaps, factor, added)
    arguments = (
        for_kernels(predictions.scores),
        predictions.kind == "logits",
        1 / rows.temperature,
        edges,
        np.ascontiguousarray(gaps).ravel(),
        factor,
        added,
    )
    return rows.engine.sum_rows(lambda start, stop, out: gap_sums(start, stop, *arguments, out), n, k, 3)
