"""How much each candidate counts in an average, by its paired difference of held-out loss to the best.

Candidates that the rows cannot tell apart share, the simpler ones more; a clearly worse one gets nothing.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from calibrant._typing import Floats, Integers
from calibrant.calibrators import document
from calibrant.errors import UnreadableFile
from calibrant.printable import shown

_LEAST_SHARE = 0.01
_ROWS_OF_PRIOR = 200.0


@dataclass(frozen=True, slots=True)
class CandidateScore:
    """How one candidate did on rows that its fits did not see.

    Attributes
    ----------
    name : str
        What it is called.
    nll : float
        Mean log-loss, nats a row.
    difference : float
        That minus the log-loss of the best candidate, ≥ 0.
    stderr : float
        Standard error of the paired difference.
    share : float
        Its part in the average in log space, 0 to 1.
    """

    name: str
    nll: float
    difference: float
    stderr: float
    share: float


def paired_with_best(losses: Floats, weight: Floats) -> tuple[Floats, Floats, Floats]:
    """Return mean losses, differences to the least of them, and the standard errors of those, each (c,).

    Parameters
    ----------
    losses : float64 array, (c, n)
        Of c candidates on the same n rows, nats.
    weight : float64 array, (n,)
        Weight of each row; a weight of w counts as w rows.

    Notes
    -----
    With d a row's difference of losses, its mean has the standard error sqrt(Σ w (d - mean)²) / Σ w. Unpaired
    errors would be several times larger, because hard rows are hard for every candidate.
    """
    total = float(weight.sum())
    means = losses @ weight / total
    apart = losses - losses[int(means.argmin())]
    # From the rows' differences, not the means': those of equal candidates may differ by rounding.
    differences = np.maximum(apart @ weight / total, 0.0)
    apart -= differences[:, None]
    return means, differences, np.sqrt((apart * apart) @ weight) / total


def score_candidates(
    names: Sequence[str], levels: Sequence[int], losses: Floats, weight: Floats
) -> tuple[CandidateScore, ...]:
    """Compare candidates with the best of them, and give each a share of the average.

    Parameters
    ----------
    names : sequence of str
        Of c candidates.
    levels : sequence of int
        How complex each is: 0 for the simplest, one more for every step.
    losses : float64 array, (c, n)
        Log-loss of each on each held-out row, nats.
    weight : float64 array, (n,)
        Weight of each row; a weight of w counts as w rows.

    Notes
    -----
    Shares are proportional to q exp(-t² / 2), t the paired difference to the best in standard errors; those
    below 1 % count for nothing. The prior q falls by the factor n / (n + 200) with every step of complexity,
    n the summed weight, and is divided among the candidates of a step: with few rows, standard errors
    themselves cannot be trusted.

    Examples
    --------
    >>> losses = np.array([[1.0, 2.0, 1.5], [0.5, 1.0, 1.0]])
    >>> [score.share for score in score_candidates(["one", "other"], [0, 1], losses, np.ones(3))]
    [0.0, 1.0]
    """
    means, differences, stderrs = paired_with_best(losses, weight)
    with np.errstate(divide="ignore"):
        in_stderrs = np.divide(differences, stderrs, out=np.zeros_like(means), where=differences > 0)
    shares = _prior(np.asarray(levels), float(weight.sum())) * np.exp(-(in_stderrs**2) / 2)
    shares[shares < _LEAST_SHARE * shares.sum()] = 0
    shares /= shares.sum()
    columns = (means.tolist(), differences.tolist(), stderrs.tolist(), shares.tolist())
    return tuple(CandidateScore(name, *numbers) for name, *numbers in zip(names, *columns, strict=True))


def _prior(levels: Integers, rows: float) -> Floats:
    at_level: Integers = (levels[:, None] == levels).sum(axis=1)
    prior: Floats = (rows / (rows + _ROWS_OF_PRIOR)) ** levels / at_level
    return prior


def encode_scores(scores: Sequence[CandidateScore]) -> list[dict[str, Any]]:
    """Return the scores as JSON values."""
    names = ("name", "nll", "difference", "stderr", "share")
    return [{name: getattr(score, name) for name in names} for score in scores]


def decode_scores(parameters: Mapping[str, Any], key: str) -> tuple[CandidateScore, ...]:
    """Return the scores that `encode_scores` left at `key`.

    Raises
    ------
    UnreadableFile
        They are missing, or a value in them is of another type or not finite.
    """
    stored = parameters.get(key)
    if not isinstance(stored, list) or not all(isinstance(entry, Mapping) for entry in stored):
        raise UnreadableFile(f"{key!r} must be a list of objects.")
    return tuple(_decode_score(entry) for entry in stored)


def _decode_score(entry: Mapping[str, Any]) -> CandidateScore:
    name = entry.get("name")
    if not isinstance(name, str):
        raise UnreadableFile(f"a candidate's 'name' must be a string; got {shown(repr(name))}.")
    nll = document.number(entry, "nll")
    others = [document.number(entry, key, above=-1e-9) for key in ("difference", "stderr", "share")]
    difference, stderr, share = others
    assert nll is not None
    assert difference is not None
    assert stderr is not None
    assert share is not None
    return CandidateScore(name, nll, difference, stderr, share)
