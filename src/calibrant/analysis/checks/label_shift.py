"""Class frequencies that moved between the fitting and the scoring file."""

from __future__ import annotations

import math

import numpy as np
from scipy.special import chdtrc

from calibrant._typing import Floats
from calibrant.analysis.checks.finding import Finding
from calibrant.analysis.checks.sample import Sample
from calibrant.analysis.checks.significance import LEVEL, in_words

_EFFECT = 0.05
_LEAST_EXPECTED = 5.0


def label_shift(scored: Sample, fitted: Sample) -> Finding | None:
    """Find class counts that differ by more than chance between two files.

    Pearson's chi-square test on the 2 × k table of counts; classes that expect fewer than five rows in
    either file are pooled. The effect is Cramér's V less its bias, sqrt(max(0, χ² - df) / n).
    """
    k = max(scored.k, fitted.k)
    if scored.k != fitted.k and scored.top_label is None:
        return None
    counts = np.zeros((2, k))
    for row, sample in zip(counts, (scored, fitted), strict=True):
        row[: sample.k] = sample.label_counts
    table = _pooled(counts)
    freedom = table.shape[1] - 1
    if freedom < 1:
        return None
    expected = table.sum(axis=1, keepdims=True) * table.sum(axis=0) / table.sum()
    statistic = float(((table - expected) ** 2 / expected).sum())
    p_value = float(chdtrc(freedom, statistic))
    if p_value >= LEVEL:
        return None
    effect = math.sqrt(max(0.0, statistic - freedom) / table.sum())
    degrees = "1 degree" if freedom == 1 else f"{freedom} degrees"
    shares = counts / counts.sum(axis=1, keepdims=True)
    moved = int(np.argmax(np.abs(shares[0] - shares[1])))
    named = scored if moved < scored.k else fitted
    return Finding(
        "label_shift",
        "warning" if effect >= _EFFECT else "note",
        f"the classes have other frequencies than in the fitting file (χ² = {statistic:.1f}, {degrees} "
        f"of freedom, {in_words(p_value)}; Cramér's V {effect:.3f}, a warning from {_EFFECT}). Most "
        f"moved: {named.class_name(moved)}, {shares[1, moved]:.1%} there and {shares[0, moved]:.1%} here; "
        f"{_predicted(scored, fitted, moved)}.",
        "Fit on rows with the class frequencies of those you score on, or weight the fitting rows so.",
    )


def _predicted(scored: Sample, fitted: Sample, moved: int) -> str:
    if scored.top_label is None:
        here, there = (sample.class_sums.probs[moved] / sample.n for sample in (scored, fitted))
        return f"its mean probability, at the best temperature, is {there:.1%} there and {here:.1%} here"
    here, there = (float(np.mean(sample.prediction == moved)) for sample in (scored, fitted))
    return f"it is predicted for {there:.1%} of the rows there and {here:.1%} here"


def _pooled(counts: Floats) -> Floats:
    smallest_share = counts.sum(axis=1).min() / counts.sum()
    enough = counts.sum(axis=0) * smallest_share >= _LEAST_EXPECTED
    rest = counts[:, ~enough].sum(axis=1, keepdims=True)
    kept = counts[:, enough]
    return np.hstack([kept, rest]) if rest.sum() * smallest_share >= _LEAST_EXPECTED else kept
