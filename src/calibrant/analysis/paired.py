"""Paired differences of a score between two ways to treat the same rows, with an interval.

Unpaired intervals would be several times wider: most of a row's loss is common to both.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from typing import Any, Literal, final

import numpy as np

from calibrant._typing import Floats
from calibrant.analysis.intervals import LEVEL, quantile

REPLICATES = 1000
MOST_DRAWN = 100_000
"""With more rows a bootstrap of a mean shows what its normal interval does, and takes minutes."""

PairedInterval = Literal["percentile", "normal"]
_VALUES_AT_ONCE = 1 << 22


@dataclass(frozen=True, slots=True)
class Difference:
    """The mean difference of a score, and its interval; negative where the first is better.

    Attributes
    ----------
    mean, low, high : float
        Of the difference, nats a row where the score is log-loss.
    """

    mean: float
    low: float
    high: float

    def to_json(self) -> dict[str, Any]:
        """Return the fields as plain values."""
        return asdict(self)

    def __str__(self) -> str:
        return f"{self.mean:+.4f} ({self.low:+.4f} to {self.high:+.4f})"


def paired_interval(n: int) -> PairedInterval:
    """Return which interval `paired_differences` gives to n rows."""
    return "percentile" if n <= MOST_DRAWN else "normal"


def paired_differences(
    scores: Mapping[str, Floats],
    reference: str,
    weight: Floats,
    *,
    level: float = LEVEL,
    replicates: int = REPLICATES,
    seed: int = 0,
) -> dict[str, Difference]:
    """Return the mean difference to a reference of every score, with its interval.

    Parameters
    ----------
    scores : mapping of str to float64 array, (n,)
        A score a row of each competitor, the reference among them.
    reference : str
        The competitor that is subtracted.
    weight : float64 array, (n,) or empty
        Weight of each row; empty means 1.
    level, replicates, seed
        Of the percentile bootstrap (Efron 1979): every replicate draws n rows, the same for all competitors.

    Notes
    -----
    More than 100,000 rows have the normal interval of the weighted mean m of differences d under the same
    drawing of rows, m ± z sqrt(Σ w² (d - m)²) / Σ w.

    Examples
    --------
    >>> losses = {"a": np.array([1.0, 2.0, 3.0]), "b": np.array([1.5, 2.5, 3.5])}
    >>> paired_differences(losses, "b", np.ones(0))["a"].mean
    -0.5
    """
    z, n = quantile(level), len(scores[reference])
    w = np.ones(n) if weight.size == 0 else weight
    if paired_interval(n) == "normal":
        return {name: _normal(score - scores[reference], w, z) for name, score in scores.items()}
    names = list(scores)
    gaps = np.stack([scores[name] - scores[reference] for name in names], axis=1)
    generator = np.random.default_rng(seed)
    weighted = np.column_stack([gaps * w[:, None], w])
    sums = np.empty((replicates, len(names) + 1))
    at_once = max(1, _VALUES_AT_ONCE // n)
    for start in range(0, replicates, at_once):
        count = min(at_once, replicates - start)
        drawn = generator.integers(0, n, (count, n)) + np.arange(count)[:, None] * n
        times = np.bincount(drawn.ravel(), minlength=count * n).reshape(count, n)
        sums[start : start + count] = times @ weighted
    drawn_weight = np.where(sums[:, -1] > 0, sums[:, -1], 1.0)
    means = sums[:, :-1] / drawn_weight[:, None]
    low, high = np.quantile(means, [(1 - level) / 2, (1 + level) / 2], axis=0)
    centre = w @ gaps / w.sum()
    return {name: Difference(float(centre[i]), float(low[i]), float(high[i])) for i, name in enumerate(names)}


@final
class Pairs:
    """Scores of competitors that come one after the other, compared with references that come first.

    Where the intervals are normal, the scores of others are let go of as soon as they are compared.

    Parameters
    ----------
    references : sequence of str
        The competitors that are subtracted.
    weight : float64 array, (n,), optional
        Weight of each row.
    n : int
        Number of rows.
    seed : int
        Of the bootstrap.

    Examples
    --------
    >>> pairs = Pairs(["b"], None, 3)
    >>> pairs.add("b", np.array([1.5, 2.5, 3.5]))
    >>> pairs.add("a", np.array([1.0, 2.0, 3.0]))
    >>> pairs.differences()["b"]["a"].mean
    -0.5
    """

    def __init__(self, references: Sequence[str], weight: Floats | None, n: int, *, seed: int = 0) -> None:
        self._weight = np.ones(0) if weight is None else weight
        self._seed = seed
        self._at_once = paired_interval(n) == "normal"
        self._scores: dict[str, Floats] = {}
        self._found: dict[str, dict[str, Difference]] = {reference: {} for reference in references}

    def add(self, name: str, scores: Floats) -> None:
        """Take the score a row of a competitor."""
        if not self._at_once or name in self._found:
            self._scores[name] = scores
            return
        for reference, found in self._found.items():
            pair = {name: scores, reference: self._scores[reference]}
            found[name] = paired_differences(pair, reference, self._weight)[name]

    def differences(self) -> dict[str, dict[str, Difference]]:
        """Return by reference the difference of every competitor to it."""
        return {
            reference: paired_differences(self._scores, reference, self._weight, seed=self._seed) | found
            for reference, found in self._found.items()
        }


def _normal(gaps: Floats, weight: Floats, z: float) -> Difference:
    total = float(weight.sum())
    mean = float(weight @ gaps) / total
    half = z * float(np.linalg.norm(weight * (gaps - mean))) / total
    return Difference(mean, mean - half, mean + half)
