"""`SoftLabelPredictions`: scores of all classes with the answers of several annotators to each row.

Images that people see differently have no single true class. What is measured on such rows is what one
annotator, drawn at random for each row, would give on average; what has no such average refuses them.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import ClassVar, NoReturn, final

import numpy as np
from numpy.typing import ArrayLike

from calibrant._typing import Booleans, Floats, Integers, Kind
from calibrant.errors import IncompatiblePredictions, InvalidArgument
from calibrant.predictions import checks
from calibrant.predictions.hashing import OtherKind, content_hash
from calibrant.predictions.predictions import Predictions
from calibrant.predictions.raw_soft_label import RawSoftLabel
from calibrant.predictions.scored_rows import ScoredRows
from calibrant.predictions.soft_label_checks import check_counts

WHAT_TO_DO = (
    "Choose one label for each row, such as counts.argmax(axis=1), and make Predictions of them, "
    "if that is what you want to measure."
)
"""What those are told who need one label a row."""


@final
@dataclass(frozen=True, eq=False, repr=False)
class SoftLabelPredictions(ScoredRows):
    """Scores of n rows over k classes, with how many annotators chose each class.

    Make one with `from_logits` or `from_probs`; the plain constructor does not check. Each row weighs 1,
    times its sample weight, however many annotators it had.

    Attributes
    ----------
    scores : array, (n, k)
        Logits or probabilities, in the float type they came in. Read-only.
    kind : {"logits", "probs"}
        What the scores are.
    counts : float64 array, (n, k)
        How many annotators chose each class, or their shares: 0 or more, with a sum above 0 in each row.
    classes : tuple of str, optional
        Names of the classes.
    sample_weight : float64 array, (n,), optional
        Weight of each row.
    groups, ids : array, (n,), optional
        Subgroup and identifier of each row.
    """

    truth: ClassVar[str] = "counts"

    counts: Floats

    @classmethod
    def from_logits(
        cls,
        logits: ArrayLike,
        counts: ArrayLike,
        *,
        classes: Sequence[str] | None = None,
        sample_weight: ArrayLike | None = None,
        groups: ArrayLike | None = None,
        ids: ArrayLike | None = None,
    ) -> SoftLabelPredictions:
        """Check scores before softmax, (n, k), or the positive class's logit, with counts (n, k).

        Raises
        ------
        InvalidPredictions
            Wrong shapes, NaN or +inf, counts below 0, a row that nobody labelled.

        Examples
        --------
        >>> SoftLabelPredictions.from_logits([[2.0, 0.0], [0.5, 1.0]], [[3, 1], [0, 5]]).shares.tolist()
        [[0.75, 0.25], [0.0, 1.0]]
        """
        return cls._checked("logits", logits, counts, classes, sample_weight, groups, ids)

    @classmethod
    def from_probs(
        cls,
        probs: ArrayLike,
        counts: ArrayLike,
        *,
        classes: Sequence[str] | None = None,
        sample_weight: ArrayLike | None = None,
        groups: ArrayLike | None = None,
        ids: ArrayLike | None = None,
    ) -> SoftLabelPredictions:
        """Check probabilities, (n, k), or the positive class's probability, with counts (n, k).

        Raises
        ------
        InvalidPredictions
            As `from_logits`, and rows that do not sum to 1.
        """
        return cls._checked("probs", probs, counts, classes, sample_weight, groups, ids)

    @classmethod
    def from_raw(cls, raw: RawSoftLabel) -> SoftLabelPredictions:
        """Check what a reader returned."""
        return cls._checked(
            raw.kind, raw.scores, raw.counts, raw.classes, raw.sample_weight, raw.groups, raw.ids
        )

    @classmethod
    def _checked(
        cls,
        kind: Kind,
        scores: ArrayLike,
        counts: ArrayLike,
        classes: Sequence[str] | None,
        sample_weight: ArrayLike | None,
        groups: ArrayLike | None,
        ids: ArrayLike | None,
    ) -> SoftLabelPredictions:
        if kind not in ("logits", "probs"):
            raise InvalidArgument(f"kind must be 'logits' or 'probs'; got {kind!r}.")
        array = checks.check_scores(scores, kind)
        n, k = array.shape
        return cls(
            scores=array,
            kind=kind,
            counts=check_counts(counts, n, k),
            classes=checks.check_classes(classes, k),
            sample_weight=checks.check_sample_weight(sample_weight, n),
            groups=checks.check_column(groups, n, "groups"),
            ids=checks.check_column(ids, n, "ids"),
        )

    @cached_property
    def shares(self) -> Floats:
        """Share of each row's annotators who chose each class, (n, k)."""
        return checks.read_only(self.counts / self.counts.sum(axis=1, keepdims=True))

    @cached_property
    def content_hash(self) -> str:
        """Fingerprint of scores and counts, the same in any row order, float type or file format."""
        kind: OtherKind = "soft logits" if self.kind == "logits" else "soft probs"
        both = np.hstack((self.scores.astype(np.float64), self.counts))
        return content_hash(both, kind, np.zeros(self.n, np.int64))

    @property
    def labels(self) -> NoReturn:
        """There is none that a row has for certain; raises `IncompatiblePredictions`."""
        raise IncompatiblePredictions(
            f"this needs one label for each row; these rows have counts of annotators. {WHAT_TO_DO}"
        )

    @property
    def answers(self) -> Integers:
        """How many different classes were chosen in each row, (n,), 1 or more."""
        return np.asarray(np.count_nonzero(self.counts, axis=1), np.int64)

    @property
    def chosen(self) -> Booleans:
        """Which classes annotators chose, (n, k); none in a row that weighs 0."""
        chosen = self.counts > 0
        return chosen if self.sample_weight is None else chosen & (self.sample_weight > 0)[:, None]

    def outcome_of(self, class_index: int) -> Floats:
        """Return the share of each row's annotators who chose this class, (n,)."""
        return self.shares[:, class_index]

    def expanded(self) -> Predictions:
        """Return each row once for each class that was chosen, weighing its share times the row's weight.

        Weighted means over these rows are the expectations over one annotator a row. They are no sample of
        independent rows: whatever counts them, or splits them, is misled.

        Examples
        --------
        >>> rows = SoftLabelPredictions.from_probs([[0.8, 0.2], [0.5, 0.5]], [[3, 1], [0, 2]]).expanded()
        >>> rows.labels.tolist(), rows.sample_weight.tolist()
        ([0, 1, 1], [0.75, 0.25, 1.0])
        """
        rows, labels = np.nonzero(self.counts)
        weight = self.shares[rows, labels]
        if self.sample_weight is not None:
            weight = weight * self.sample_weight[rows]
        return Predictions(
            self.scores[rows],
            self.kind,
            labels.astype(np.int64),
            classes=self.classes,
            sample_weight=checks.read_only(weight),
            groups=None if self.groups is None else self.groups[rows],
            ids=None if self.ids is None else self.ids[rows],
        )
