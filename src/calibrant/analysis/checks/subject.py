"""The unchecked predictions under examination: what can be read of them at all, and which rows are sound."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from typing import Any, Literal

import numpy as np
from numpy.typing import NDArray

from calibrant._typing import Booleans, Floats, Integers
from calibrant.analysis.checks.facts import RowFacts, row_facts
from calibrant.analysis.checks.sample import Sample
from calibrant.errors import InvalidArgument
from calibrant.predictions import Predictions, RawPredictions
from calibrant.predictions.checks import ROW_SUM_TOLERANCE, check_classes

Form = Literal["logits", "probs", "log-probs", "unclear"]

_LARGEST_WHOLE = 2.0**53
_NEARLY_ALL = 0.99
_LOG_TOLERANCE = 5e-3
SOUND_SHARE = 0.5
"""Rows that must be sound, so that statistics are made of them."""


@dataclass(frozen=True, eq=False)
class Subject:
    """Raw predictions and what the checks derive from them. Nothing here raises on bad rows."""

    raw: RawPredictions

    @cached_property
    def scores(self) -> NDArray[Any] | None:
        """Real scores (n, k) with n ≥ 1 and k ≥ 2, values unchecked; None where there are none such."""
        scores = self.raw.scores
        if scores.dtype.kind not in "iubf" or scores.ndim not in (1, 2) or scores.size == 0:
            return None
        if not self.one_column:
            return scores
        positive = scores.reshape(-1)
        if self.raw.kind == "probs" or positive.dtype.kind != "f":
            positive = as_float64(positive)
        other = np.zeros_like(positive) if self.raw.kind == "logits" else 1 - positive
        return np.stack([other, positive], axis=1)

    @property
    def shape(self) -> tuple[int | None, int | None]:
        """Number of rows and classes, where there are scores."""
        return (None, None) if self.scores is None else self.scores.shape

    @property
    def named(self) -> int | None:
        """Number of class names to be expected: that of the columns."""
        return self.shape[1]

    @property
    def one_column(self) -> bool:
        """Whether only the positive class has scores."""
        scores = self.raw.scores
        return scores.ndim == 1 or (scores.ndim == 2 and scores.shape[1] == 1)

    @cached_property
    def labels(self) -> Integers | None:
        """Labels (m,) as whole numbers, values unchecked; None where they are no whole numbers."""
        labels = self.raw.labels
        if labels.ndim == 2 and labels.shape[1] == 1:
            labels = labels.reshape(-1)
        if labels.ndim != 1 or labels.dtype.kind not in "iubf":
            return None
        if labels.dtype.kind == "f" and not whole(labels).all():
            return None
        return labels.astype(np.int64)

    @cached_property
    def facts(self) -> RowFacts | None:
        """Numbers for each row of scores."""
        return None if self.scores is None else row_facts(self.scores)

    def forget_facts(self) -> None:
        """Give the memory of the numbers for each row back; who asks again has them found again."""
        self.__dict__.pop("facts", None)

    @cached_property
    def form(self) -> Form:
        """What the scores look like, whatever they were said to be: true of 99 % of the unbroken rows."""
        facts = self.facts
        if facts is None or facts.broken.all():
            return "unclear"
        use = ~facts.broken
        low, high = facts.low[use], facts.high[use]
        sums_to_one = np.abs(facts.total[use] - 1) <= ROW_SUM_TOLERANCE
        if np.mean((low >= 0) & sums_to_one) >= _NEARLY_ALL:
            return "probs"
        if (
            np.mean((high <= _LOG_TOLERANCE) & (np.abs(facts.log_total[use]) <= _LOG_TOLERANCE))
            >= _NEARLY_ALL
        ):
            return "log-probs"
        beyond = (low < 0) | ((high > 1 + ROW_SUM_TOLERANCE) & ~facts.per_cent[use])
        return "logits" if np.mean(beyond) > SOUND_SHARE else "unclear"

    @cached_property
    def one_based(self) -> bool:
        """Whether the labels are 1..k, where they should be 0..k-1."""
        if self.labels is None or self.scores is None or self.labels.size == 0:
            return False
        return bool(self.labels.min() >= 1 and self.labels.max() == self.scores.shape[1])

    @cached_property
    def in_range(self) -> Booleans | None:
        """Which of the n labels lie in 0..k-1; None where there are not n labels."""
        if self.labels is None or self.scores is None or len(self.labels) != len(self.scores):
            return None
        return np.asarray((self.labels >= 0) & (self.labels < self.scores.shape[1]))

    @cached_property
    def impossible(self) -> Booleans | None:
        """Which rows have the logit -inf at their true class."""
        if self.raw.kind != "logits" or self.in_range is None:
            return None
        assert self.scores is not None
        assert self.labels is not None
        rows = np.arange(len(self.scores))
        at_label = self.scores[rows, np.where(self.in_range, self.labels, 0)]
        return np.asarray(self.in_range & (at_label == -np.inf))

    @cached_property
    def classes(self) -> tuple[str, ...] | None:
        """Names of the k classes, where they are in order."""
        if self.scores is None:
            return None
        try:
            return check_classes(self.raw.classes, self.scores.shape[1])
        except InvalidArgument:
            return None

    @cached_property
    def sample(self) -> Sample | None:
        """The sound rows, checked; None where fewer than half are sound, or labels or kind are wrong."""
        if self.in_range is None or self.facts is None or self.one_based:
            return None
        sound = self.in_range & ~self.facts.broken & (self.facts.high > -np.inf)
        if self.impossible is not None:
            sound &= ~self.impossible
        if self.raw.kind == "probs":
            sound &= (self.facts.low >= 0) & (np.abs(self.facts.total - 1) <= ROW_SUM_TOLERANCE)
        if not sound.any() or sound.mean() < SOUND_SHARE:
            return None
        assert self.scores is not None
        assert self.labels is not None
        kept = np.flatnonzero(sound)
        scores = self.scores if len(kept) == len(sound) else self.scores[kept]
        make = Predictions.from_logits if self.raw.kind == "logits" else Predictions.from_probs
        rows = make(scores, self.labels[kept], classes=self.classes)
        return Sample(rows, kept, classes=self.classes)


def as_float64(values: NDArray[Any]) -> Floats:
    """Return numbers as float64; what a wider type holds and it does not is infinite or NaN."""
    with np.errstate(over="ignore", invalid="ignore"):
        return values.astype(np.float64)


def whole(values: NDArray[Any]) -> Booleans:
    """Return which numbers are whole and small enough to be exact."""
    with np.errstate(invalid="ignore", over="ignore"):  # float16 has no 2⁵³
        return np.asarray((np.abs(values) <= _LARGEST_WHOLE) & (values == np.floor(values)))
