"""Confidence, or its distance from the outcomes, that changes along the rows of the top label."""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np
from scipy.special import chdtrc

from calibrant._typing import Floats
from calibrant.analysis.checks.finding import Finding
from calibrant.analysis.checks.sample import Sample
from calibrant.analysis.checks.significance import LEVEL, in_words

_PARTS = 10
_ROWS_A_PART = 50
_GAP_EFFECT = 0.02
_CONFIDENCE_EFFECT = 0.05


@dataclass(frozen=True, eq=False, slots=True)
class _Parts:
    """Means of tenths of the rows, the p-value that they differ by chance, and their spread beyond it."""

    means: Floats
    p_value: float
    effect: float


def confidence_drift(sample: Sample) -> Finding | None:
    """Find a mean confidence, or a gap (confidence less outcome), that differs between tenths of the file.

    For the means x̄_t of tenths of m rows, χ² = Σ_t m (x̄_t - x̄)² / s² has 9 degrees of freedom where rows
    are exchangeable. Of the two p-values the lower counts twice (Bonferroni). The effect is the spread of
    the means beyond chance, sqrt(max(0, χ² - 9) s² / n).
    """
    if sample.n < _PARTS * _ROWS_A_PART:
        return None
    confidence = sample.summary.confidence
    gap = _parts(confidence - sample.summary.correct)
    level = _parts(confidence)
    moved = [
        (name, parts, effect)
        for name, parts, effect in (
            ("the gap between confidence and accuracy", gap, _GAP_EFFECT),
            ("the mean confidence", level, _CONFIDENCE_EFFECT),
        )
        if 2 * parts.p_value < LEVEL
    ]
    if not moved:
        return None
    told = "; ".join(
        f"{name} changes along the rows: by tenths of the file {_listed(parts.means)} (equal by "
        f"chance: {in_words(2 * parts.p_value)}; spread beyond it {parts.effect:.1%}, a warning from "
        f"{effect:.0%})"
        for name, parts, effect in moved
    )
    return Finding(
        "confidence_drift",
        "warning" if any(parts.effect >= effect for _, parts, effect in moved) else "note",
        f"{told}{sample.order_in_words}.",
        "Shuffle the rows before you split them, and look whether the file is sorted or joins several "
        "sources.",
    )


def _parts(values: Floats) -> _Parts:
    n = len(values)
    ends = np.linspace(0, n, _PARTS + 1).astype(np.int64)
    sizes = np.diff(ends)
    means = np.add.reduceat(values, ends[:-1]) / sizes
    variance = float(values.var())
    if variance == 0:
        return _Parts(means, 1.0, 0.0)
    statistic = float(sizes @ (means - values.mean()) ** 2) / variance
    freedom = _PARTS - 1
    effect = math.sqrt(max(0.0, statistic - freedom) * variance / n)
    return _Parts(means, float(chdtrc(freedom, statistic)), effect)


def _listed(means: Floats) -> str:
    return ", ".join(f"{mean:.3f}" for mean in means.tolist())
