"""The definitions, written down plainly in float64 NumPy and Python loops: what the fast code must equal."""

from __future__ import annotations

import math
from typing import Any

import numpy as np
from numpy.typing import NDArray
from scipy.optimize import brentq

Floats = NDArray[np.float64]

FLOOR = 2.0**-126


def softmax(logits: Any, temperature: float = 1.0) -> Floats:
    z = np.asarray(logits, dtype=np.float64)
    with np.errstate(over="ignore"):
        exponentials = np.exp((z - z.max(axis=1, keepdims=True)) / temperature)
    return exponentials / exponentials.sum(axis=1, keepdims=True)


def normalised(probs: Any) -> Floats:
    """Rows divided by their sum; a sum within 1e-12 of 1 counts as 1."""
    p = np.asarray(probs, dtype=np.float64)
    total = np.array([[math.fsum(row)] for row in p])
    return p / np.where(abs(total - 1) <= 1e-12, 1.0, total)


def probs_of(predictions: Any) -> Floats:
    scores = predictions.scores
    return softmax(scores) if predictions.kind == "logits" else normalised(scores)


def first_argmax(scores: Any) -> NDArray[np.int64]:
    return np.argmax(np.asarray(scores, dtype=np.float64), axis=1)


def row_nll(probs: Floats, labels: Any) -> Floats:
    return -np.log(np.maximum(probs[np.arange(len(labels)), labels], FLOOR))


def row_brier(probs: Floats, labels: Any) -> Floats:
    onehot = np.eye(probs.shape[1])[labels]
    return ((probs - onehot) ** 2).sum(axis=1)


def bin_index(p: float, m: int) -> int:
    """The bin (j/m, (j+1)/m] of p; 0 belongs to the first."""
    for j in range(m):
        if p <= (j + 1) / m:
            return j
    return m - 1


def bin_table(values: Any, correct: Any, m: int, weight: Any = None) -> Floats:
    """(m, 4): rows, weight, weighted confidence, weighted correct."""
    table = np.zeros((m, 4))
    weight = np.ones(len(values)) if weight is None else weight
    for p, c, w in zip(values, correct, weight, strict=True):
        table[bin_index(p, m)] += (1, w, w * p, w * c)
    return table


def equal_mass_table(values: Any, correct: Any, m: int) -> Floats:
    """As `bin_table`, over (lo, hi] bins whose upper edges are the order statistics x_(ceil(jn/m))."""
    ordered = sorted(values)
    n = len(ordered)
    uppers = sorted({ordered[-(-j * n // m) - 1] for j in range(1, m + 1)})
    table = np.zeros((len(uppers), 4))
    for p, c in zip(values, correct, strict=True):
        table[next(j for j, upper in enumerate(uppers) if p <= upper)] += (1, 1, p, c)
    return table


def error_of(table: Floats, norm: str = "l1") -> float:
    total = table[:, 1].sum()
    gaps = [(w / total, abs(c - a) / w) for _, w, c, a in table if w > 0]
    if norm == "max":
        return max(gap for _, gap in gaps)
    if norm == "l2":
        return math.sqrt(math.fsum(share * gap**2 for share, gap in gaps))
    return math.fsum(share * gap for share, gap in gaps)


def cumulants(logits: Any, labels: Any, beta: float) -> Floats:
    """Per row: loss and three derivatives at softmax(beta z); few rows in long double, if there is one."""
    z = np.asarray(logits)
    z = z.astype(np.longdouble if z.size <= 5000 else np.float64)
    rows = np.arange(len(z))
    d = z - z.max(axis=1, keepdims=True)
    exponentials = np.exp(beta * d)
    p = exponentials / exponentials.sum(axis=1, keepdims=True)
    d = np.where(np.isinf(d), 0, d)
    mean = (p * d).sum(axis=1)
    centred = d - mean[:, None]
    at_label = z[rows, labels] - z.max(axis=1)
    return np.stack(
        [
            np.log(exponentials.sum(axis=1)) - beta * at_label,
            mean - at_label,
            (p * centred**2).sum(axis=1),
            (p * centred**3).sum(axis=1),
        ]
    ).astype(np.float64)


def mean_loss(logits: Any, labels: Any, beta: float, weight: Any = None) -> float:
    return float(np.average(cumulants(logits, labels, beta)[0], weights=weight))


def best_temperature(logits: Any, labels: Any, weight: Any = None) -> float:
    """T where the slope of the log-loss in 1/T changes sign, by Brent's method."""
    z = np.asarray(logits, dtype=np.float64)

    def slope(log_beta: float) -> float:
        return float(np.average(cumulants(z, labels, math.exp(log_beta))[1], weights=weight))

    spread = np.where(np.isfinite(z), z, np.nan)
    centre = -math.log(np.nanstd(spread))
    return math.exp(-brentq(slope, centre - 9, centre + 9, xtol=1e-14, rtol=1e-14))


def sandwich_stderr(logits: Any, labels: Any, temperature: float, weight: Any = None) -> float:
    """Standard error of T: sqrt(sum w g^2) / sum w h, times T^2 to pass from 1/T to T."""
    _, slope, curvature, _ = cumulants(logits, labels, 1 / temperature)
    w = np.ones(len(slope)) if weight is None else np.asarray(weight, dtype=np.float64)
    return math.sqrt((w * slope**2).sum()) / (w * curvature).sum() * temperature**2
