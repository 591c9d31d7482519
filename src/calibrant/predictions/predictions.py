"""`Predictions`: scores, labels and what belongs to them, checked and read-only.

It holds; it does not measure. Metrics, calibrators and readers take it and return it.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from functools import cached_property
from typing import Any, TypeVar

import numpy as np
from numpy.typing import ArrayLike, NDArray

from calibrant._typing import Floats, Integers, Kind, Scores
from calibrant.errors import EmptyPredictions, InvalidArgument
from calibrant.predictions import checks
from calibrant.predictions.hashing import content_hash
from calibrant.predictions.raw import RawPredictions

_Item = TypeVar("_Item", bound=np.generic)

SMALLEST_PROBABILITY = 2.0**-126
"""Probabilities below it count as it wherever a logarithm is taken, whatever the dtype."""


@dataclass(frozen=True, eq=False)
class Predictions:
    """Scores of n rows over k classes, with the true labels.

    Make one with `from_logits` or `from_probs`; the plain constructor does not check.

    Attributes
    ----------
    scores : array, (n, k)
        Logits or probabilities, in the float type they came in. Read-only.
    kind : {"logits", "probs"}
        What the scores are.
    labels : int64 array, (n,)
        True classes, 0..k-1.
    classes : tuple of str, optional
        Names of the classes.
    sample_weight : float64 array, (n,), optional
        Weight of each row.
    groups, ids : array, (n,), optional
        Subgroup and identifier of each row.
    """

    scores: Scores
    kind: Kind
    labels: Integers
    classes: tuple[str, ...] | None = None
    sample_weight: Floats | None = None
    groups: NDArray[Any] | None = None
    ids: NDArray[Any] | None = None

    @classmethod
    def from_logits(
        cls,
        logits: ArrayLike,
        labels: ArrayLike,
        *,
        classes: Sequence[str] | None = None,
        sample_weight: ArrayLike | None = None,
        groups: ArrayLike | None = None,
        ids: ArrayLike | None = None,
    ) -> Predictions:
        """Check scores before softmax, (n, k); binary: the positive class's logit, (n,) or (n, 1).

        Raises
        ------
        InvalidPredictions
            Wrong shapes, NaN or +inf, labels outside 0..k-1, unequal lengths.

        Examples
        --------
        >>> Predictions.from_logits([[2.0, 0.0], [0.5, 1.0]], [0, 1]).n
        2
        """
        return cls._checked("logits", logits, labels, classes, sample_weight, groups, ids)

    @classmethod
    def from_probs(
        cls,
        probs: ArrayLike,
        labels: ArrayLike,
        *,
        classes: Sequence[str] | None = None,
        sample_weight: ArrayLike | None = None,
        groups: ArrayLike | None = None,
        ids: ArrayLike | None = None,
    ) -> Predictions:
        """Check probabilities, (n, k); binary: the positive class's probability, (n,) or (n, 1).

        Rows within 1e-3 of summing to 1 are kept as they came and normalised wherever they are used.

        Raises
        ------
        InvalidPredictions
            As `from_logits`, and rows that do not sum to 1.

        Examples
        --------
        >>> Predictions.from_probs([0.9, 0.2], [1, 0]).scores.shape
        (2, 2)
        """
        return cls._checked("probs", probs, labels, classes, sample_weight, groups, ids)

    @classmethod
    def from_raw(cls, raw: RawPredictions) -> Predictions:
        """Check what a reader returned."""
        return cls._checked(
            raw.kind, raw.scores, raw.labels, raw.classes, raw.sample_weight, raw.groups, raw.ids
        )

    @classmethod
    def _checked(
        cls,
        kind: Kind,
        scores: ArrayLike,
        labels: ArrayLike,
        classes: Sequence[str] | None,
        sample_weight: ArrayLike | None,
        groups: ArrayLike | None,
        ids: ArrayLike | None,
    ) -> Predictions:
        if kind not in ("logits", "probs"):
            raise InvalidArgument(f"kind must be 'logits' or 'probs'; got {kind!r}.")
        array = checks.check_scores(scores, kind)
        n, k = array.shape
        return cls(
            scores=array,
            kind=kind,
            labels=checks.check_labels(labels, n, k),
            classes=checks.check_classes(classes, k),
            sample_weight=checks.check_sample_weight(sample_weight, n),
            groups=checks.check_column(groups, n, "groups"),
            ids=checks.check_column(ids, n, "ids"),
        )

    @property
    def n(self) -> int:
        """Number of rows."""
        return int(self.scores.shape[0])

    @property
    def k(self) -> int:
        """Number of classes."""
        return int(self.scores.shape[1])

    @cached_property
    def content_hash(self) -> str:
        """Fingerprint of the rows, the same in any row order, float type or file format that keeps them."""
        return content_hash(self.scores, self.kind, self.labels)

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
        if self.kind == "logits":
            with np.errstate(over="ignore"):  # a difference beyond float64 is -inf, probability 0
                probs: Floats = self.scores - self.scores.max(axis=1, keepdims=True).astype(np.float64)
            np.exp(probs, out=probs)
        else:
            probs = self.scores.astype(np.float64)
        probs /= probs.sum(axis=1, keepdims=True)
        probs.flags.writeable = False
        return probs

    def take(self, rows: ArrayLike) -> Predictions:
        """Return the given rows (indices or a mask), in the given order."""
        index = np.asarray(rows)
        if index.size == 0:
            raise EmptyPredictions("no row was picked.")
        labels = _frozen(self.labels[index])
        if len(labels) == 0:
            raise EmptyPredictions("no row was picked.")
        return replace(
            self,
            scores=_frozen(self.scores[index]),
            labels=labels,
            sample_weight=None if self.sample_weight is None else _frozen(self.sample_weight[index]),
            groups=None if self.groups is None else _frozen(self.groups[index]),
            ids=None if self.ids is None else _frozen(self.ids[index]),
        )

    def with_scores(self, scores: ArrayLike, kind: Kind) -> Predictions:
        """Return the same rows with other scores, checked; labels, classes and the rest stay."""
        checked = checks.check_scores(scores, kind)
        if checked.shape != self.scores.shape:
            raise InvalidArgument(f"scores must keep the shape {self.scores.shape}; got {checked.shape}.")
        return replace(self, scores=checked, kind=kind)

    def __repr__(self) -> str:
        names = "" if self.classes is None else f", classes={list(self.classes[:5])}"
        more = " …" if self.classes is not None and len(self.classes) > 5 else ""
        return f"Predictions(n={self.n}, k={self.k}, kind={self.kind!r}, {self.scores.dtype}{names}{more})"


def _frozen(array: NDArray[_Item]) -> NDArray[_Item]:
    array.flags.writeable = False
    return array
