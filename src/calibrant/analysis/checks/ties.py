"""Rows with equal scores, and whether chance explains them: coarse scores tie without being copies.

It finds and weighs ties; `duplicates` and `overlap` say what they mean.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy.special import pdtrc

from calibrant._typing import Booleans, Floats, Integers, Scores
from calibrant.analysis.checks.sample import Sample
from calibrant.analysis.checks.significance import LEVEL
from calibrant.engine import DEFAULT_ENGINE
from calibrant.kernels.hashing import column_keys, row_hashes
from calibrant.kernels.layout import for_kernels
from calibrant.predictions import Predictions

_MOST_NUMBERED = 1 << 30
_MIXED_SHARE = 0.01
_CHANCE_FACTOR = 3.0
_RARE_TIE = 1e-3
_NEIGHBOURS = 50
_MANTISSA_BITS = 52
_MOST_DECIMALS = 5
_DECIMAL_TOLERANCE = 0.01


@dataclass(frozen=True, eq=False, slots=True)
class Ties:
    """Rows that agree.

    Attributes
    ----------
    group : int64 array, (n,)
        Rows with the same scores and the same label have the same number.
    same_scores : int64 array, (n,)
        Rows with the same scores have the same number.
    telling : bool array, (n,)
        Rows whose scores can tell samples apart: not those with only one probability above 0, nor those
        of the top label alone with a confidence that ties by chance in more than one case of a thousand.
    """

    group: Integers
    same_scores: Integers
    telling: Booleans


def find_ties(*samples: Sample) -> Ties:
    """Group the rows of one or more samples of the same form and classes, taken one after the other.

    Examples
    --------
    >>> rows = Predictions.from_probs([[0.2, 0.8], [0.2, 0.8], [0.2, 0.8]], [0, 1, 1])
    >>> find_ties(Sample(rows, np.arange(3))).group.tolist()
    [0, 1, 1]
    """
    hashes = np.concatenate([_score_hashes(sample.predictions.scores) for sample in samples])
    same_scores = np.unique(hashes, return_inverse=True)[1]
    group = same_scores
    for outcomes in map(_numbered, _outcomes(samples)):
        group = np.unique(group * (int(outcomes.max()) + 1) + outcomes, return_inverse=True)[1]
    if samples[0].top_label is None:
        telling = np.concatenate([_telling(sample.predictions) for sample in samples])
    else:
        confidence = np.concatenate([sample.summary.confidence for sample in samples])
        telling = _tie_chances(confidence) < _RARE_TIE
    return Ties(group.astype(np.int64), same_scores.astype(np.int64), telling)


def chance_explains(ties: Ties, tied: Booleans, *samples: Sample) -> bool:
    """Return whether the tied rows are what coarse scores give without any copy.

    Copies have the same label. So ties are by chance where some tied rows (1 % or more) share their scores
    with a row of another label. For two classes, whose scores are one number a row, they are also by
    chance where the resolution of that number makes as many likely, or a third of them and more.
    """
    count = int(np.count_nonzero(tied))
    groups_of_scores = np.bincount(ties.same_scores)
    labels_of_scores = np.bincount(
        ties.same_scores[np.unique(ties.group, return_index=True)[1]], minlength=len(groups_of_scores)
    )
    mixed = int(np.count_nonzero(labels_of_scores[ties.same_scores[tied]] > 1))
    if mixed >= _MIXED_SHARE * count:
        return True
    parts = [sample.predictions for sample in samples]
    if parts[0].k > 2:
        return False
    columns = np.concatenate([part.scores.astype(np.float64) for part in parts])[ties.telling]
    if samples[0].top_label is not None:
        columns = columns[:, 1:]
    varied = [column for column in columns.T if (column != column[0]).any()]
    finest = min(map(expected_ties, varied), default=float(count))
    return count <= _CHANCE_FACTOR * finest or float(pdtrc(count // 2 - 1, finest / 2)) >= LEVEL


def _outcomes(samples: Sequence[Sample]) -> list[Integers]:
    """Return what copies share besides scores: labels; predictions too, where the scores do not tell them."""
    if samples[0].top_label is None:
        return [np.concatenate([sample.predictions.labels for sample in samples])]
    rows = [sample.top_label for sample in samples if sample.top_label is not None]
    labels = [part.labels for part in rows if part.labels is not None]
    predictions = [part.prediction for part in rows if part.prediction is not None]
    if len(labels) == len(predictions) == len(rows):
        return [np.concatenate(labels), np.concatenate(predictions)]
    return [np.concatenate([sample.predictions.labels for sample in samples])]


def _numbered(outcomes: Integers) -> Integers:
    """Return outcomes as numbers from 0 on, none so large that times the number of groups it overflows."""
    if outcomes.min() >= 0 and outcomes.max() < _MOST_NUMBERED:
        return outcomes
    return np.unique(outcomes, return_inverse=True)[1].astype(np.int64)


def expected_ties(values: Floats) -> float:
    """Return how many of n numbers tie by chance, given the steps in which they were stored.

    The step at a number is that of the narrowest binary float type which holds all of them, or that of
    their decimals, if that is larger; the density of numbers around it comes from its neighbours in order.

    Examples
    --------
    >>> expected_ties(np.arange(1000) % 100 / 100) > 900
    True
    >>> expected_ties(np.random.default_rng(0).normal(size=1000)) < 1e-9
    True
    """
    return float(_tie_chances(values[np.isfinite(values)]).sum())


def _tie_chances(values: Floats) -> Floats:
    """Return for each of n finite numbers the chance that another equals it, at most 1."""
    order = np.argsort(values, kind="stable")
    ordered = values[order]
    n = len(ordered)
    if n < 2:
        return np.zeros(n)
    steps = np.maximum(_binary_step(ordered), _decimal_step(ordered))
    reach = min(_NEIGHBOURS, n - 1)
    first = np.clip(np.arange(n) - reach // 2, 0, n - 1 - reach)
    width = ordered[first + reach] - ordered[first]
    chances = np.empty(n)
    with np.errstate(divide="ignore", over="ignore"):
        chances[order] = np.where(width > 0, reach * steps / np.where(width > 0, width, 1.0), 1.0)
    return np.minimum(chances, 1.0)


def _binary_step(values: Floats) -> Floats:
    """Return the spacing at each value of the binary floats that are just precise enough for all."""
    bits = int(np.bitwise_or.reduce(values.view(np.int64) & ((1 << _MANTISSA_BITS) - 1)))
    unused = _MANTISSA_BITS if bits == 0 else (bits & -bits).bit_length() - 1
    return np.asarray(np.spacing(np.abs(values)) * 2.0**unused)


def _decimal_step(values: Floats) -> float:
    """Return the unit of the last decimal, where all values have five or fewer; else 0."""
    for decimals in range(_MOST_DECIMALS + 1):
        scaled = values * 10.0**decimals
        if (np.abs(scaled - np.rint(scaled)) < _DECIMAL_TOLERANCE).all():
            return float(10.0**-decimals)
    return 0.0


def _score_hashes(scores: Scores) -> NDArray[np.uint64]:
    n, k = scores.shape
    hashes = np.empty(n, np.uint64)
    arguments = (for_kernels(scores), np.zeros(n, np.int64), column_keys(k), hashes)
    DEFAULT_ENGINE.for_rows(lambda start, stop: row_hashes(start, stop, *arguments), n, k)
    return hashes


def _telling(part: Predictions) -> Booleans:
    if part.kind == "logits":
        return np.ones(part.n, np.bool_)
    return np.asarray(np.count_nonzero(part.scores, axis=1) > 1)
