"""Unchecked predictions of the top label alone under examination, and which of their rows are sound."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from typing import Any

import numpy as np
from numpy.typing import NDArray

from calibrant._typing import Booleans, Floats, Integers
from calibrant.analysis.checks.sample import Sample
from calibrant.analysis.checks.subject import SOUND_SHARE, as_float64, whole
from calibrant.predictions import RawTopLabel, TopLabelPredictions


@dataclass(frozen=True, eq=False)
class TopLabelSubject:
    """Raw confidences and outcomes, and what the checks derive from them. Nothing here raises on bad rows."""

    raw: RawTopLabel

    @cached_property
    def confidence(self) -> Floats | None:
        """Real numbers (n,) with n ≥ 1, values unchecked; None where there are none such."""
        confidence = column(self.raw.confidence)
        if confidence is None or confidence.dtype.kind not in "iubf" or confidence.size == 0:
            return None
        return as_float64(confidence)

    @property
    def shape(self) -> tuple[int | None, int | None]:
        """Number of rows, where there are confidences; the number of classes is not known."""
        return (None if self.confidence is None else len(self.confidence)), None

    @property
    def named(self) -> int | None:
        """Number of class names, where there are any."""
        return None if self.raw.classes is None else len(self.raw.classes)

    @cached_property
    def correct(self) -> Booleans | None:
        """Outcomes (n,) as given; None where they are not n times True or False."""
        outcomes = self._of_all_rows(self.raw.correct)
        if outcomes is None or not ((outcomes == 0) | (outcomes == 1)).all():
            return None
        return outcomes.astype(np.bool_)

    @cached_property
    def prediction(self) -> Integers | None:
        """Predicted classes (n,) as whole numbers, values unchecked; None where they are none such."""
        return self._whole(self.raw.prediction)

    @cached_property
    def labels(self) -> Integers | None:
        """True classes (n,) as whole numbers, values unchecked; None where they are none such."""
        return self._whole(self.raw.labels)

    @cached_property
    def disagree(self) -> Booleans | None:
        """Rows whose outcome is not that of their prediction and label; None where not all are known."""
        if self.correct is None or self.prediction is None or self.labels is None:
            return None
        return np.asarray(self.correct != (self.prediction == self.labels))

    @cached_property
    def within(self) -> Booleans | None:
        """Which confidences lie in 0..1."""
        if self.confidence is None:
            return None
        with np.errstate(invalid="ignore"):
            return np.asarray((self.confidence >= 0) & (self.confidence <= 1))

    @cached_property
    def sample(self) -> Sample | None:
        """The sound rows, checked; None where fewer than half are sound, or no outcomes are known."""
        if self.confidence is None or self.within is None:
            return None
        sound = self.within.copy()
        classes_known = self.prediction is not None and self.labels is not None
        if self.prediction is not None and self.labels is not None:
            sound &= self._possible(self.prediction) & self._possible(self.labels)
        elif self.correct is None:
            return None
        if self.disagree is not None:
            sound &= ~self.disagree
        if not sound.any() or sound.mean() < SOUND_SHARE:
            return None
        kept = np.flatnonzero(sound)
        columns = ("prediction", "labels") if classes_known else ("correct",)
        rows = TopLabelPredictions.from_raw(
            RawTopLabel(self.confidence[kept], **{name: getattr(self, name)[kept] for name in columns})
        )
        return Sample(rows.as_binary(), kept, rows, self.raw.classes)

    def _whole(self, values: NDArray[Any] | None) -> Integers | None:
        numbers = self._of_all_rows(values)
        if numbers is None or (numbers.dtype.kind == "f" and not whole(numbers).all()):
            return None
        return numbers.astype(np.int64)

    def _of_all_rows(self, values: NDArray[Any] | None) -> NDArray[Any] | None:
        numbers = None if values is None else column(values)
        if numbers is None or self.confidence is None or len(numbers) != len(self.confidence):
            return None
        return numbers if numbers.dtype.kind in "iubf" else None

    def _possible(self, classes: Integers) -> Booleans:
        return np.asarray((classes >= 0) & (classes < (np.inf if self.named is None else self.named)))


def column(values: NDArray[Any]) -> NDArray[Any] | None:
    """Return (n,) or (n, 1) values as (n,); None for another shape."""
    array = np.asarray(values)
    if array.ndim == 2 and array.shape[1] == 1:
        array = array.reshape(-1)
    return array if array.ndim == 1 else None
