"""`Predictions`: scores, labels and what belongs to them, checked and read-only.

It holds; it does not measure. Metrics, calibrators and readers take it and return it.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import ClassVar, final

import numpy as np
from numpy.typing import ArrayLike

from calibrant._typing import Booleans, Integers, Kind
from calibrant.errors import InvalidArgument
from calibrant.predictions import checks
from calibrant.predictions.hashing import content_hash
from calibrant.predictions.raw import RawPredictions
from calibrant.predictions.scored_rows import ScoredRows


@final
@dataclass(frozen=True, eq=False, repr=False)
class Predictions(ScoredRows):
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

    truth: ClassVar[str] = "labels"

    labels: Integers

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

    @cached_property
    def content_hash(self) -> str:
        """Fingerprint of the rows, the same in any row order, float type or file format that keeps them."""
        return content_hash(self.scores, self.kind, self.labels)

    def outcome_of(self, class_index: int) -> Booleans:
        """Return whether the label of each row is this class, (n,)."""
        return np.asarray(self.labels == class_index)
