"""The sound rows of a file, for the checks that need statistics; weights and groups play no part."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property

import numpy as np

from calibrant._typing import Floats, Integers
from calibrant.calibrators.temperature_fit import TemperatureFit, fit_temperature
from calibrant.errors import CalibrantError
from calibrant.metrics.rows import Rows, RowSummary
from calibrant.predictions import Predictions, Table, TopLabelPredictions
from calibrant.printable import shown

_ROWS_AT_ONCE = 4096
_MOST_CLASSES = 1_000_000
_SORTED_SHARE = 0.5


@dataclass(frozen=True, eq=False, slots=True)
class ClassSums:
    """For each class, over rows: probabilities, and squares of (probability - 1 where it is the label)."""

    probs: Floats
    squares: Floats


@dataclass(frozen=True, eq=False)
class Sample:
    """Checked rows, with what several checks ask of them.

    Attributes
    ----------
    predictions : Predictions
        n rows without weights; of the top label alone, the two-class problem whether it is right.
    kept : int64 array, (n,)
        Their places in the file.
    top_label : TopLabelPredictions, optional
        The rows as they are, where only the top label is known.
    classes : tuple of str, optional
        Names of the classes.
    """

    predictions: Predictions
    kept: Integers
    top_label: TopLabelPredictions | None = None
    classes: tuple[str, ...] | None = None

    @cached_property
    def rows(self) -> Rows:
        """The rows on their way through the metrics."""
        return Rows(self.predictions if self.top_label is None else self.top_label)

    @property
    def summary(self) -> RowSummary:
        """Top probability, prediction and the rest, for each row."""
        return self.rows.summary

    @property
    def n(self) -> int:
        """Number of rows."""
        return self.predictions.n

    @property
    def form(self) -> str:
        """What the rows hold: logits or probabilities of all classes, or the top label alone."""
        return self.predictions.kind if self.top_label is None else "top-label"

    @cached_property
    def labels(self) -> Integers | None:
        """True classes, where they are known and numbered without great gaps."""
        if self.top_label is None:
            return self.predictions.labels
        labels, prediction = self.top_label.labels, self.top_label.prediction
        if labels is None or prediction is None or max(labels.max(), prediction.max()) >= _MOST_CLASSES:
            return None
        return labels

    @property
    def prediction(self) -> Integers | None:
        """Predicted classes, where they are known."""
        return self.summary.prediction

    @cached_property
    def k(self) -> int:
        """Number of classes: of the top label alone, as many as have names or were predicted or found."""
        if self.top_label is None:
            return self.predictions.k
        if self.classes is not None:
            return len(self.classes)
        if self.labels is None or self.prediction is None:
            return 0
        return 1 + int(max(self.labels.max(), self.prediction.max()))

    @cached_property
    def right(self) -> int:
        """Number of rows whose class was predicted."""
        return int(np.count_nonzero(self.summary.correct))

    @cached_property
    def accuracy(self) -> float:
        """Share of rows whose class was predicted."""
        return self.right / self.n

    @cached_property
    def mean_confidence(self) -> float:
        """Mean top probability."""
        return float(self.summary.confidence.mean())

    @cached_property
    def label_counts(self) -> Integers:
        """Rows of each class, (k,)."""
        assert self.labels is not None
        return np.bincount(self.labels, minlength=self.k).astype(np.int64)

    @cached_property
    def temperature(self) -> TemperatureFit | None:
        """The best temperature of these rows; None where they have none, such as where every row is right."""
        try:
            fit = fit_temperature(Table.whole(self.predictions))
        except CalibrantError:
            return None
        return fit if fit.bound is None else None

    @cached_property
    def class_sums(self) -> ClassSums:
        """Sums over the rows at their best temperature, so that over-confidence alone moves nothing."""
        sums = ClassSums(np.zeros(self.k), np.zeros(self.k))
        temperature = 1.0 if self.temperature is None else self.temperature.temperature
        for start in range(0, self.n, _ROWS_AT_ONCE):
            block = self.predictions.take(np.arange(start, min(start + _ROWS_AT_ONCE, self.n)))
            probs = _softmax(block.logits().astype(np.float64), temperature)
            sums.probs[:] += probs.sum(axis=0)
            probs[np.arange(block.n), block.labels] -= 1
            sums.squares[:] += (probs * probs).sum(axis=0)
        return sums

    @property
    def row_in_words(self) -> str:
        """What a copy of a row shares with it."""
        if self.top_label is None:
            return "the same scores and label"
        return "the same confidence and outcome"

    @property
    def order_in_words(self) -> str:
        """Words to add where the rows are sorted by class: most have the label of the row before."""
        if self.labels is None or self.n < 2:
            return ""
        repeats = float(np.mean(self.labels[1:] == self.labels[:-1]))
        shares = self.label_counts / self.n
        by_class = repeats > _SORTED_SHARE + (1 - _SORTED_SHARE) * float(shares @ shares)
        return "; the rows are sorted by class" if by_class else ""

    def place(self, row: int) -> int:
        """Return where a row of this sample stands in the file."""
        return int(self.kept[row])

    def class_name(self, index: int) -> str:
        """Return the words for a class."""
        return f"class {index if self.classes is None else shown(self.classes[index])}"


def _softmax(logits: Floats, temperature: float) -> Floats:
    with np.errstate(over="ignore"):  # to -inf, which has the probability 0
        shifted: Floats = (logits - logits.max(axis=1, keepdims=True)) / temperature
    np.exp(shifted, out=shifted)
    shifted /= shifted.sum(axis=1, keepdims=True)
    return shifted
