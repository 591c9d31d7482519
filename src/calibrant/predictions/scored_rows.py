"""What rows with scores of all classes have in common, whatever their truth looks like.

`Predictions` has one label a row, `SoftLabelPredictions` the answers of several annotators.
"""

from __future__ import annotations

from abc import ABC, abstractmethod
from dataclasses import dataclass, field, replace
from typing import Any, ClassVar, Self, TypeVar

import numpy as np
from numpy.typing import ArrayLike, NDArray

from calibrant._typing import Floats, Kind, Outcomes, Scores
from calibrant.errors import EmptyPredictions, InvalidArgument
from calibrant.html_blocks import Grid, as_html
from calibrant.predictions import checks
from calibrant.printable import listed, shown

_Item = TypeVar("_Item", bound=np.generic)

SMALLEST_PROBABILITY = 2.0**-126
"""Probabilities below it count as it wherever a logarithm is taken, whatever the dtype."""

_NARROW = 32
"""So many classes are gone through faster column by column."""

_CACHED = 1 << 16
"""Scores that are normalised at a time, while they are in the cache."""


_OPTIONAL = ("sample_weight", "groups", "ids")


@dataclass(frozen=True, eq=False)
class ScoredRows(ABC):
    """Scores of n rows over k classes, with the truth in a column that each class names.

    Attributes
    ----------
    truth : str
        Name of the column that holds the truth.
    scores : array, (n, k)
        Logits or probabilities, in the float type they came in. Read-only.
    kind : {"logits", "probs"}
        What the scores are.
    classes : tuple of str, optional
        Names of the classes.
    sample_weight : float64 array, (n,), optional
        Weight of each row.
    groups, ids : array, (n,), optional
        Subgroup and identifier of each row.
    """

    truth: ClassVar[str]

    scores: Scores
    kind: Kind
    classes: tuple[str, ...] | None = field(default=None, kw_only=True)
    sample_weight: Floats | None = field(default=None, kw_only=True)
    groups: NDArray[Any] | None = field(default=None, kw_only=True)
    ids: NDArray[Any] | None = field(default=None, kw_only=True)

    @property
    def n(self) -> int:
        """Number of rows."""
        return int(self.scores.shape[0])

    @property
    def k(self) -> int:
        """Number of classes."""
        return int(self.scores.shape[1])

    @property
    def nbytes(self) -> int:
        """Bytes of all columns."""
        columns = (getattr(self, name) for name in ("scores", self.truth, "sample_weight", "groups", "ids"))
        return sum(column.nbytes for column in columns if column is not None)

    @property
    @abstractmethod
    def content_hash(self) -> str:
        """Fingerprint of the rows, the same in any row order, float type or file format that keeps them."""

    @abstractmethod
    def outcome_of(self, class_index: int) -> Outcomes:
        """Return how far the truth of each row is this class: yes or no, or a share, (n,)."""

    def class_name(self, index: int) -> str:
        """Name of class `index`, or its number where the classes have no names."""
        return self.classes[index] if self.classes is not None else str(index)

    def logits(self) -> Scores:
        """Scores before softmax: the logits as they came, or log max(p, 2⁻¹²⁶) in float64."""
        if self.kind == "logits":
            return self.scores
        logits = np.log(np.maximum(self.scores, SMALLEST_PROBABILITY, dtype=np.float64))
        logits.flags.writeable = False
        return logits

    def probs(self) -> Floats:
        """Probabilities in float64, every row normalised."""
        probs = np.empty(self.scores.shape)
        together = max(1, _CACHED // self.k)
        for start in range(0, self.n, together):
            rows = slice(start, start + together)
            _normalise(self.scores[rows], self.kind == "logits", probs[rows])
        return _frozen(probs)

    def take(self, rows: ArrayLike) -> Self:
        """Return the given rows (indices or a mask), in the given order."""
        index = np.asarray(rows)
        if index.size == 0 or len(truth := getattr(self, self.truth)[index]) == 0:
            raise EmptyPredictions("no row was picked.")
        taken: dict[str, Any] = {self.truth: _frozen(truth)}
        for name in ("scores", "sample_weight", "groups", "ids"):
            column = getattr(self, name)
            if column is not None:
                taken[name] = _frozen(column[index])
        return replace(self, **taken)

    def with_scores(self, scores: ArrayLike, kind: Kind) -> Self:
        """Return the same rows with other scores, checked; the truth, classes and the rest stay."""
        checked = checks.check_scores(scores, kind)
        if checked.shape != self.scores.shape:
            raise InvalidArgument(f"scores must keep the shape {self.scores.shape}; got {checked.shape}.")
        return replace(self, scores=checked, kind=kind)

    def _repr_html_(self) -> str:
        facts = [
            ("rows", f"{self.n:,}"),
            ("classes", f"{self.k:,}{_named(self.classes)}"),
            ("scores", f"{self.kind}, {self.scores.dtype}"),
            ("truth", self.truth),
        ]
        facts += [(name, "yes") for name in _OPTIONAL if getattr(self, name) is not None]
        return as_html([type(self).__name__, Grid(["", ""], facts, words=2)])

    def __repr__(self) -> str:
        names = "" if self.classes is None else f", classes={list(map(shown, self.classes[:5]))}"
        more = " …" if self.classes is not None and len(self.classes) > 5 else ""
        return (
            f"{type(self).__name__}(n={self.n}, k={self.k}, kind={self.kind!r}, {self.scores.dtype}"
            f"{names}{more})"
        )


def _named(classes: tuple[str, ...] | None) -> str:
    """Return the first names of classes in brackets, or nothing."""
    return "" if classes is None else f" ({listed(classes)})"


def _frozen(array: NDArray[_Item]) -> NDArray[_Item]:
    array.flags.writeable = False
    return array


def _normalise(scores: Scores, are_logits: bool, probs: Floats) -> None:
    """Write the probabilities of a few rows."""
    if are_logits:
        with np.errstate(over="ignore"):  # a difference beyond float64 is -inf, probability 0
            np.subtract(scores, _peaks(scores)[:, None], out=probs)
        np.exp(probs, out=probs)
    else:
        probs[:] = scores
    probs /= np.einsum("ij->i", probs)[:, None]


def _peaks(scores: Scores) -> Floats:
    """Return the greatest score of each row; narrow rows go column by column, as NumPy is slow on those."""
    peaks: Floats
    if scores.shape[1] > _NARROW:
        peaks = scores.max(axis=1).astype(np.float64)
        return peaks
    peaks = scores[:, 0].astype(np.float64)
    for column in scores.T[1:]:
        np.maximum(peaks, column, out=peaks)
    return peaks
