"""A set of rows on its way through the metrics: what they share is computed once, in one pass.

Metrics take it; only this file calls the kernel that reads the scores.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from typing import Any

import numpy as np
from numpy.typing import NDArray

from calibrant._typing import Booleans, Floats, Integers, Outcomes
from calibrant.engine import DEFAULT_ENGINE, Engine
from calibrant.errors import IncompatiblePredictions
from calibrant.kernels.bins import PER_BIN, class_rows
from calibrant.kernels.few_rows import are_few, bin_few, summarise_few
from calibrant.kernels.layout import for_kernels, weight_for_kernels
from calibrant.kernels.rows import MEASURES, score_rows
from calibrant.kernels.soft_bins import soft_class_bins
from calibrant.kernels.soft_rows import soft_score_rows
from calibrant.predictions import AnyPredictions, Predictions, SoftLabelPredictions, TopLabelPredictions
from calibrant.predictions.given import not_predictions
from calibrant.predictions.top_label import ONLY_TOP_LABEL

FLOORED_NLL = 126 * float(np.log(2.0))
"""Log-loss of a true class whose probability is 2⁻¹²⁶ or less."""


@dataclass(frozen=True, slots=True)
class RowLosses:
    """Per row: log-loss and Brier score, which need the probabilities of all classes.

    Of soft labels they are means over the row's annotators, in which a class that counts as 2⁻¹²⁶ does not
    show; there `floored` says which rows have one.
    """

    nll: Floats
    brier: Floats
    floored: Booleans | None = None


@dataclass(frozen=True, slots=True)
class RowSummary:
    """Per row: the top probability and its class, whether it was right, log-loss and Brier score.

    Attributes
    ----------
    confidence : float64 array, (n,)
        Probability of the predicted class.
    correct : bool array, (n,), or float64 array for soft labels
        Whether it is the true one, or the share of annotators who chose it.
    predicted : int64 array, (n,), optional
        The predicted class, where it is known.
    losses : RowLosses, optional
        Of rows that have the probabilities of all classes.
    """

    confidence: Floats
    correct: Outcomes
    predicted: Integers | None
    losses: RowLosses | None

    @property
    def prediction(self) -> Integers:
        """The predicted class of each row; raises `IncompatiblePredictions` where it is not known."""
        if self.predicted is None:
            raise IncompatiblePredictions(
                "this needs the predicted class of each row; these rows say only whether it was right."
            )
        return self.predicted

    @property
    def nll(self) -> Floats:
        """Log-loss of each row, nats; raises `IncompatiblePredictions` for rows of the top label alone."""
        return self._known_losses().nll

    @property
    def brier(self) -> Floats:
        """Brier score of each row; raises `IncompatiblePredictions` for rows of the top label alone."""
        return self._known_losses().brier

    @property
    def floored(self) -> Booleans:
        """Rows whose true class, or one that an annotator chose, has a probability of 2⁻¹²⁶ or less."""
        losses = self._known_losses()
        return losses.nll >= FLOORED_NLL if losses.floored is None else losses.floored

    def _known_losses(self) -> RowLosses:
        if self.losses is None:
            raise IncompatiblePredictions(ONLY_TOP_LABEL)
        return self.losses


@dataclass(frozen=True, eq=False)
class Rows:
    """Predictions with the engine that sums over them and, computed on first use, their row summary.

    Logits may be measured at another temperature, without a scaled copy of them.
    """

    source: AnyPredictions
    engine: Engine = DEFAULT_ENGINE
    temperature: float = 1.0

    def __post_init__(self) -> None:
        if not isinstance(self.source, AnyPredictions):
            raise not_predictions(self.source)

    @property
    def n(self) -> int:
        """Number of rows."""
        return self.source.n

    @property
    def predictions(self) -> Predictions | SoftLabelPredictions:
        """The scores of all classes; raises `IncompatiblePredictions` for rows of the top label alone."""
        if isinstance(self.source, TopLabelPredictions):
            raise IncompatiblePredictions(ONLY_TOP_LABEL)
        return self.source

    @cached_property
    def summary(self) -> RowSummary:
        """One fused pass over the scores."""
        if isinstance(self.source, TopLabelPredictions):
            return self._top_label_summary(self.source)
        if isinstance(self.source, SoftLabelPredictions):
            return self._soft_label_summary(self.source)
        n, k = self.predictions.n, self.predictions.k
        if are_few(n, k):
            return self._summarised(*self._few[:2])
        scores, prediction, measures = self._scores(), np.empty(n, np.int64), np.empty((MEASURES, n))
        self.engine.for_rows(lambda start, stop: score_rows(start, stop, *scores, prediction, measures), n, k)
        return self._summarised(prediction, measures)

    def class_bins(self, edges: Floats) -> Floats:
        """Return every class's sums in bins of equal width, (k, m, 4), kept for the next caller.

        The pass over the scores that makes them leaves the summary too: whoever wants both asks for these
        first.
        """
        m = len(edges) - 1
        if m not in self._class_bins and isinstance(self.source, SoftLabelPredictions):
            self._class_bins[m] = self._soft_class_bins(self.source, edges)
        if m not in self._class_bins:
            few = are_few(self.predictions.n, self.predictions.k)
            self._class_bins[m] = self._class_bins_of_few(edges) if few else self._class_bins_of_many(edges)
            self._class_bins[m].flags.writeable = False
        return self._class_bins[m]

    @property
    def few_probs(self) -> Floats | None:
        """Probabilities, (n, k), of rows so few that NumPy goes over them; None for others."""
        return self._few[2] if are_few(self.predictions.n, self.predictions.k) else None

    @cached_property
    def weight(self) -> Floats:
        """Weight of each row; the empty array means 1."""
        return weight_for_kernels(self.source.sample_weight)

    @cached_property
    def _class_bins(self) -> dict[int, Floats]:
        return {}

    def _class_bins_of_many(self, edges: Floats) -> Floats:
        n, k, m = self.predictions.n, self.predictions.k, len(edges) - 1
        prediction, measures = np.empty(n, np.int64), np.empty((MEASURES, n))
        arguments = (*self._scores(), prediction, measures, self.weight, edges)
        sums = self.engine.sum_rows(
            lambda start, stop, out: class_rows(start, stop, *arguments, out), n, k, k * m * PER_BIN
        )
        self.__dict__.setdefault("summary", self._summarised(prediction, measures))
        return sums.reshape(k, m, PER_BIN)

    def _class_bins_of_few(self, edges: Floats) -> Floats:
        prediction, measures, probs = self._few
        self.__dict__.setdefault("summary", self._summarised(prediction, measures))
        shares = np.zeros_like(probs)
        shares[np.arange(len(probs)), self.predictions.labels] = 1.0
        return bin_few(probs, shares, self.weight, edges)

    @cached_property
    def _few(self) -> tuple[Integers, Floats, Floats]:
        """Of few rows: predicted classes, measures and probabilities."""
        rows = self.predictions
        labels = np.zeros(rows.n, np.int64) if isinstance(rows, SoftLabelPredictions) else rows.labels
        return summarise_few(rows.scores, rows.kind == "logits", 1 / self.temperature, labels)

    def _scores(self) -> tuple[NDArray[Any], bool, float, Integers]:
        """Return what kernels read of the rows."""
        rows = self.predictions
        return for_kernels(rows.scores), rows.kind == "logits", 1 / self.temperature, rows.labels

    def _summarised(self, prediction: Integers, measures: Floats) -> RowSummary:
        correct = prediction == self.predictions.labels
        for array in (prediction, measures, correct):
            array.flags.writeable = False
        confidence, nll, brier = measures
        return RowSummary(confidence, correct, prediction, RowLosses(nll, brier))

    def _top_label_summary(self, rows: TopLabelPredictions) -> RowSummary:
        if self.temperature != 1.0:
            raise IncompatiblePredictions(
                "another temperature needs the logits of all classes; these rows have only the top label's "
                "confidence."
            )
        return RowSummary(rows.confidence, rows.correct, rows.prediction, None)

    def _soft_label_summary(self, rows: SoftLabelPredictions) -> RowSummary:
        n, k = rows.n, rows.k
        confidence, correct, nll, brier = (np.empty(n) for _ in range(4))
        prediction, floored = np.empty(n, np.int64), np.empty(n, np.bool_)
        scores = (for_kernels(rows.scores), rows.kind == "logits", 1 / self.temperature)
        outputs = (confidence, prediction, correct, nll, brier, floored)
        arguments = (*scores, rows.shares, *outputs)
        self.engine.for_rows(lambda start, stop: soft_score_rows(start, stop, *arguments), n, k)
        if are_few(n, k):
            # Confidences that tie in rows of one label each must tie here too, to the last bit.
            confidence[:] = self._few[1][0]
        for array in outputs:
            array.flags.writeable = False
        return RowSummary(confidence, correct, prediction, RowLosses(nll, brier, floored))

    def _soft_class_bins(self, rows: SoftLabelPredictions, edges: Floats) -> Floats:
        n, k, m = rows.n, rows.k, len(edges) - 1
        if are_few(n, k):
            return bin_few(self._few[2], rows.shares, self.weight, edges)
        scores = (for_kernels(rows.scores), rows.kind == "logits", 1 / self.temperature)
        arguments = (*scores, rows.shares, self.weight, edges)
        sums = self.engine.sum_rows(
            lambda start, stop, out: soft_class_bins(start, stop, *arguments, out), n, k, k * m * PER_BIN
        ).reshape(k, m, PER_BIN)
        sums.flags.writeable = False
        return sums


Measurable = AnyPredictions | Rows
"""What metrics take. Those that need the probabilities of all classes refuse rows of the top label alone;
those that are no expectation over one annotator a row refuse soft labels."""


def as_rows(predictions: Measurable, engine: Engine | None = None) -> Rows:
    """Wrap predictions; rows that are wrapped already stay, with what they have computed."""
    if isinstance(predictions, Rows):
        return predictions
    return Rows(predictions, DEFAULT_ENGINE if engine is None else engine)
