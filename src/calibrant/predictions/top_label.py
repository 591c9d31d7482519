"""`TopLabelPredictions`: how sure a classifier was of its answer, and whether that answer was right.

What language models and logs leave behind. It is no `Predictions`: the other classes are not known, and what
needs them says so.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from functools import cached_property
from typing import Any, NoReturn, TypeVar, final

import numpy as np
from numpy.typing import ArrayLike, NDArray

from calibrant._typing import Booleans, Floats, Integers
from calibrant.errors import EmptyPredictions, IncompatiblePredictions, InvalidArgument, InvalidPredictions
from calibrant.html_blocks import Grid, as_html
from calibrant.predictions import checks, top_label_checks
from calibrant.predictions.hashing import content_hash
from calibrant.predictions.predictions import Predictions
from calibrant.predictions.raw_top_label import RawTopLabel

_Item = TypeVar("_Item", bound=np.generic)

ONLY_TOP_LABEL = (
    "this needs the probabilities of all classes; these rows have only the top label's confidence. "
    "as_binary() turns them into the two-class problem whether the top label is right."
)
"""What is said to those who ask for the other classes."""

RIGHT_OR_WRONG = ("wrong", "right")
"""The classes of the two-class problem whether the top label is right."""


@final
@dataclass(frozen=True, eq=False)
class TopLabelPredictions:
    """Confidence of n answers, and which of them were right.

    Make one with `from_correct` or `from_labels`; the plain constructor does not check.

    Attributes
    ----------
    confidence : float64 array, (n,)
        Probability of the predicted class, 0 to 1. Read-only.
    correct : bool array, (n,)
        Whether the predicted class is the true one.
    prediction, labels : int64 array, (n,), optional
        Predicted and true classes, 0 or more, where they are known; both or none.
    classes : tuple of str, optional
        Names of the classes.
    sample_weight : float64 array, (n,), optional
        Weight of each row.
    groups, ids : array, (n,), optional
        Subgroup and identifier of each row.
    """

    confidence: Floats
    correct: Booleans
    prediction: Integers | None = None
    labels: Integers | None = None
    classes: tuple[str, ...] | None = None
    sample_weight: Floats | None = None
    groups: NDArray[Any] | None = None
    ids: NDArray[Any] | None = None

    @classmethod
    def from_correct(
        cls,
        confidence: ArrayLike,
        correct: ArrayLike,
        *,
        sample_weight: ArrayLike | None = None,
        groups: ArrayLike | None = None,
        ids: ArrayLike | None = None,
    ) -> TopLabelPredictions:
        """Check confidences, (n,), and whether each answer was right, (n,): booleans, or 0 and 1.

        Raises
        ------
        InvalidPredictions
            Confidences that are NaN or outside 0..1, outcomes other than True and False, unequal lengths.

        Examples
        --------
        >>> TopLabelPredictions.from_correct([0.9, 0.6], [True, False]).n
        2
        """
        return cls.from_raw(
            RawTopLabel(
                checks.as_array(confidence, "confidence"),
                correct=checks.as_array(correct, "correct"),
                sample_weight=_optional(sample_weight, "sample_weight"),
                groups=_optional(groups, "groups"),
                ids=_optional(ids, "ids"),
            )
        )

    @classmethod
    def from_labels(
        cls,
        confidence: ArrayLike,
        prediction: ArrayLike,
        labels: ArrayLike,
        *,
        classes: Sequence[str] | None = None,
        sample_weight: ArrayLike | None = None,
        groups: ArrayLike | None = None,
        ids: ArrayLike | None = None,
    ) -> TopLabelPredictions:
        """Check confidences, (n,), with predicted and true classes, (n,), numbered from 0.

        Raises
        ------
        InvalidPredictions
            Confidences that are NaN or outside 0..1, classes that are no numbers from 0, unequal lengths.

        Examples
        --------
        >>> TopLabelPredictions.from_labels([0.9, 0.6], [3, 1], [3, 2]).correct.tolist()
        [True, False]
        """
        if isinstance(classes, str):
            raise InvalidArgument(f"classes must be a sequence of names; got the one string {classes!r}.")
        return cls.from_raw(
            RawTopLabel(
                checks.as_array(confidence, "confidence"),
                prediction=checks.as_array(prediction, "prediction"),
                labels=checks.as_array(labels, "labels"),
                classes=None if classes is None else tuple(classes),
                sample_weight=_optional(sample_weight, "sample_weight"),
                groups=_optional(groups, "groups"),
                ids=_optional(ids, "ids"),
            )
        )

    @classmethod
    def from_raw(cls, raw: RawTopLabel) -> TopLabelPredictions:
        """Check what a reader returned; where outcomes and classes are both known, they must agree."""
        confidence = top_label_checks.check_confidence(raw.confidence)
        n = len(confidence)
        classes = None if raw.classes is None else checks.check_classes(raw.classes, len(raw.classes))
        correct = None if raw.correct is None else top_label_checks.check_correct(raw.correct, n)
        prediction = labels = None
        if raw.prediction is not None and raw.labels is not None:
            k = None if classes is None else len(classes)
            prediction = top_label_checks.check_class_numbers(raw.prediction, n, "prediction", k)
            labels = top_label_checks.check_class_numbers(raw.labels, n, "labels", k)
            agree = prediction == labels
            if correct is not None and (correct != agree).any():
                row = int(np.argmax(correct != agree))
                raise InvalidPredictions(
                    f"correct is {correct[row]} at row {{row}}, but its prediction is {prediction[row]} and "
                    f"its label {labels[row]}. Leave one of them out.",
                    row=row,
                )
            correct = _frozen(agree)
        if correct is None:
            raise InvalidPredictions("confidence needs `correct`, or `prediction` and `labels`.")
        return cls(
            confidence=confidence,
            correct=correct,
            prediction=prediction,
            labels=labels,
            classes=classes,
            sample_weight=checks.check_sample_weight(raw.sample_weight, n),
            groups=checks.check_column(raw.groups, n, "groups"),
            ids=checks.check_column(raw.ids, n, "ids"),
        )

    @property
    def n(self) -> int:
        """Number of rows."""
        return len(self.confidence)

    @cached_property
    def content_hash(self) -> str:
        """Fingerprint of confidences and outcomes, the same in any row order and file format."""
        return content_hash(self.confidence[:, None], "top-label", self.correct.astype(np.int64))

    def as_binary(self) -> Predictions:
        """Return the two-class problem whether the top label is right, with the confidence as probability.

        Examples
        --------
        >>> TopLabelPredictions.from_correct([0.75], [True]).as_binary().scores.tolist()
        [[0.25, 0.75]]
        """
        return Predictions.from_probs(
            self.confidence,
            self.correct,
            classes=RIGHT_OR_WRONG,
            sample_weight=self.sample_weight,
            groups=self.groups,
            ids=self.ids,
        )

    def take(self, rows: ArrayLike) -> TopLabelPredictions:
        """Return the given rows (indices or a mask), in the given order."""
        index = np.asarray(rows)
        if index.size == 0 or len(self.confidence[index]) == 0:
            raise EmptyPredictions("no row was picked.")
        columns = ("confidence", "correct", "prediction", "labels", "sample_weight", "groups", "ids")
        taken: dict[str, Any] = {
            name: _frozen(column[index]) for name in columns if (column := getattr(self, name)) is not None
        }
        return replace(self, **taken)

    def with_confidence(self, confidence: ArrayLike) -> TopLabelPredictions:
        """Return the same rows with other confidences, checked; outcomes and the rest stay."""
        checked = top_label_checks.check_confidence(confidence)
        if len(checked) != self.n:
            raise InvalidArgument(f"confidence must keep its {self.n} rows; got {len(checked)}.")
        return replace(self, confidence=checked)

    @property
    def scores(self) -> NoReturn:
        """Not known; raises `IncompatiblePredictions`."""
        raise IncompatiblePredictions(ONLY_TOP_LABEL)

    @property
    def kind(self) -> NoReturn:
        """Not known; raises `IncompatiblePredictions`."""
        raise IncompatiblePredictions(ONLY_TOP_LABEL)

    @property
    def k(self) -> NoReturn:
        """Not known; raises `IncompatiblePredictions`."""
        raise IncompatiblePredictions(ONLY_TOP_LABEL)

    def logits(self) -> NoReturn:
        """Not known; raises `IncompatiblePredictions`."""
        raise IncompatiblePredictions(ONLY_TOP_LABEL)

    def probs(self) -> NoReturn:
        """Not known; raises `IncompatiblePredictions`."""
        raise IncompatiblePredictions(ONLY_TOP_LABEL)

    def _repr_html_(self) -> str:
        known = "correct" if self.prediction is None else "prediction and labels"
        facts = [("rows", f"{self.n:,}"), ("scores", f"confidence of the top label, {self.confidence.dtype}")]
        facts += [("truth", known)]
        optional = ("sample_weight", "groups", "ids")
        facts += [(name, "yes") for name in optional if getattr(self, name) is not None]
        return as_html([type(self).__name__, Grid(["", ""], facts, words=2)])

    def __repr__(self) -> str:
        known = "correct" if self.prediction is None else "prediction and labels"
        return f"TopLabelPredictions(n={self.n}, confidence with {known})"


def _optional(values: ArrayLike | None, name: str) -> NDArray[Any] | None:
    return None if values is None else checks.as_array(values, name)


def _frozen(array: NDArray[_Item]) -> NDArray[_Item]:
    array.flags.writeable = False
    return array
