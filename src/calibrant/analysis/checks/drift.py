"""A temperature that changes along the rows, so that rows are not exchangeable."""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np
from scipy.special import chdtrc

from calibrant._typing import Floats, Integers
from calibrant.analysis.checks.finding import Finding
from calibrant.analysis.checks.sample import Sample
from calibrant.analysis.checks.significance import LEVEL, in_words
from calibrant.calibrators.temperature_fit import fit_temperature
from calibrant.kernels.layout import for_kernels, weight_for_kernels
from calibrant.kernels.temperature import LOSS_WIDTH, temperature_sums
from calibrant.predictions import Predictions, Table

_PARTS = 10
_ROWS_A_PART = 50
_EFFECT = 0.05


@dataclass(frozen=True, eq=False, slots=True)
class _Parts:
    """Temperature and standard error of each tenth of the rows."""

    temperature: Floats
    stderr: Floats


def drift(sample: Sample) -> Finding | None:
    """Find a temperature that is not the same in every tenth of the rows, of 50 rows or more each.

    A score test compares the slopes g_i of the log-loss in 1/T at the common temperature:
    χ² = Σ_t (Σ_i g_i)² / (m s²) over the tenths t of m rows, with s² the mean of g_i², has 9 degrees of
    freedom where rows are exchangeable. The effect is the spread of T over the tenths beyond its standard
    errors (DerSimonian & Laird 1986), relative to T.
    """
    rows, common = sample.predictions, sample.temperature
    if rows.n < _PARTS * _ROWS_A_PART or common is None:
        return None
    ends = np.linspace(0, rows.n, _PARTS + 1).astype(np.int64)
    statistic = _score_statistic(rows, 1 / common.temperature, ends)
    p_value = float(chdtrc(_PARTS - 1, statistic))
    if p_value >= LEVEL:
        return None
    parts = _fit_parts(rows, ends)
    effect = _spread(parts) / common.temperature
    listed = ", ".join(
        f"{t:.2f} ± {s:.2f}" for t, s in zip(parts.temperature.tolist(), parts.stderr.tolist(), strict=True)
    )
    return Finding(
        "drift",
        "warning" if effect >= _EFFECT else "note",
        f"the temperature changes along the rows: by tenths of the file T = {listed} (equal by chance: χ² = "
        f"{statistic:.1f}, {_PARTS - 1} degrees of freedom, {in_words(p_value)}; spread of T beyond its "
        f"errors {effect:.1%}, a warning from {_EFFECT:.0%}){sample.order_in_words}.",
        "Shuffle the rows before you split them, and look whether the file joins several sources.",
    )


def _score_statistic(rows: Predictions, inverse_temperature: float, ends: Integers) -> float:
    arguments = (for_kernels(rows.logits()), rows.labels, weight_for_kernels(None), inverse_temperature)
    sums = np.zeros((_PARTS, LOSS_WIDTH))
    for part in range(_PARTS):
        temperature_sums(int(ends[part]), int(ends[part + 1]), *arguments, sums[part])
    mean_square = sums[:, 5].sum() / rows.n
    return float((sums[:, 2] ** 2 / (sums[:, 0] * mean_square)).sum())


def _fit_parts(rows: Predictions, ends: Integers) -> _Parts:
    fits = [
        fit_temperature(Table.whole(rows.take(np.arange(start, stop))))
        for start, stop in zip(ends[:-1].tolist(), ends[1:].tolist(), strict=True)
    ]
    return _Parts(
        np.array([fit.temperature for fit in fits]),
        np.array([math.inf if fit.stderr is None else fit.stderr for fit in fits]),
    )


def _spread(parts: _Parts) -> float:
    weight = 1 / np.maximum(parts.stderr, 1e-12 * parts.temperature) ** 2
    total = weight.sum()
    if total == 0:
        return math.inf
    excess = float(weight @ (parts.temperature - weight @ parts.temperature / total) ** 2)
    freedom = np.count_nonzero(weight) - 1
    scale = total - weight @ weight / total
    return math.sqrt(max(0.0, (excess - freedom) / scale)) if scale > 0 else math.inf
