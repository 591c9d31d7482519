"""Rows as a binary problem: one probability a row and whether its event came true.

The event is that the most probable class is right, or that one class is the label. Nothing is measured here.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property

import numpy as np
from scipy.special import xlogy

from calibrant._typing import Booleans, Floats, Integers, Outcomes
from calibrant.engine import Engine
from calibrant.errors import EmptyPredictions, InvalidArgument
from calibrant.kernels.against_rest import log_odds_of_logits, log_odds_of_probs
from calibrant.kernels.layout import for_kernels
from calibrant.metrics.convention import Convention, Notion
from calibrant.metrics.one_class import one_class
from calibrant.metrics.rows import FLOORED_NLL, Measurable, Rows, as_rows
from calibrant.metrics.soft_labels import refuse_soft_labels
from calibrant.predictions import TopLabelPredictions


@dataclass(frozen=True, eq=False, slots=True)
class Tally:
    """Sums at distinct probabilities.

    Attributes
    ----------
    values : float64 array, (g,)
        The distinct probabilities, ascending.
    weight, events : float64 array, (g,)
        Weight of the rows that have each, and of those whose event came true.
    """

    values: Floats
    weight: Floats
    events: Floats

    def __len__(self) -> int:
        """Return how many distinct probabilities there are."""
        return len(self.values)

    def below(self, thresholds: Floats) -> tuple[Floats, Floats]:
        """Return weight and events below each threshold.

        Examples
        --------
        >>> sums = Tally(np.array([0.2, 0.9]), np.array([1.0, 3.0]), np.array([0.0, 2.0]))
        >>> weight, events = sums.below(np.array([0.0, 0.5, 1.0]))
        >>> weight.tolist(), events.tolist()
        ([0.0, 1.0, 4.0], [0.0, 0.0, 2.0])
        """
        first = np.searchsorted(self.values, thresholds, side="left")
        weight, events = (np.concatenate(([0.0], np.cumsum(of)))[first] for of in (self.weight, self.events))
        return weight, events

    @classmethod
    def merged(cls, tallies: Sequence[Tally]) -> Tally:
        """Return the tally of all sets of rows."""
        values, weight, events = (
            np.concatenate([getattr(each, name) for each in tallies])
            for name in ("values", "weight", "events")
        )
        distinct, index = np.unique(values, return_inverse=True)
        return cls(
            distinct,
            np.bincount(index, weight, len(distinct)).astype(np.float64),
            np.bincount(index, events, len(distinct)).astype(np.float64),
        )


def tally(values: Floats, outcome: Outcomes, weight: Floats) -> Tally:
    """Return the weight and the events at each distinct probability that weighs more than 0."""
    distinct, index = np.unique(values, return_inverse=True)
    total = np.bincount(index, weight).astype(np.float64)
    events = np.bincount(index, weight * outcome).astype(np.float64)
    kept = total > 0
    return Tally(distinct[kept], total[kept], events[kept])


@dataclass(frozen=True, eq=False)
class BinaryView:
    """A probability and an outcome for each row that weighs more than 0.

    Attributes
    ----------
    rows : Rows
        Where they come from.
    class_index : int or None
        The class whose probability it is; None for the most probable class of each row.
    kept : slice or int64 array
        The rows with a positive weight.
    values : float64 array, (n,)
        Probabilities.
    outcome : bool array, (n,)
        Whether the event came true.
    weight : float64 array, (n,)
        Weights, 1 where the predictions have none.
    """

    rows: Rows
    class_index: int | None
    kept: slice | Integers
    values: Floats
    outcome: Booleans
    weight: Floats

    @property
    def total(self) -> float:
        """Weight of all rows."""
        return float(self.weight.sum())

    @property
    def base_rate(self) -> float:
        """Weighted share of the rows whose event came true."""
        return float(self.weight @ self.outcome) / self.total

    @cached_property
    def log_odds(self) -> Floats:
        """Log p / (1 - p) of each row, within ±126 log 2."""
        if isinstance(self.rows.source, TopLabelPredictions):
            with np.errstate(divide="ignore"):  # a confidence of 0 or 1
                odds = np.log(self.values) - np.log1p(-self.values)
            return np.asarray(np.clip(odds, -FLOORED_NLL, FLOORED_NLL))
        predictions = self.rows.predictions
        n, k = predictions.n, predictions.k
        top = self.class_index is None
        chosen = self.rows.summary.prediction if top else np.full(n, self.class_index)
        found, scores = np.empty(n), for_kernels(predictions.scores)

        def work(start: int, stop: int) -> None:
            if predictions.kind == "logits":
                log_odds_of_logits(start, stop, scores, 1 / self.rows.temperature, chosen, found)
            else:
                log_odds_of_probs(start, stop, scores, chosen, found)

        self.rows.engine.for_rows(work, n, k)
        return np.clip(found, -FLOORED_NLL, FLOORED_NLL)[self.kept]

    @cached_property
    def tally(self) -> Tally:
        """Weight and events at each distinct probability."""
        return tally(self.values, self.outcome, self.weight)

    def mean(self, values: Floats) -> float:
        """Return the weighted mean of one value a row."""
        return float(self.weight @ values) / self.total

    def convention(self, definition: str, *, kernel: str | None = None) -> Convention:
        """Stamp a definition in words with the rows and whose probability it is about."""
        notion: Notion = "top-label" if self.class_index is None else "one-class"
        return Convention(
            definition,
            self.rows.n,
            notion=notion,
            class_index=self.class_index,
            kernel=kernel,
        )


def binary_view(
    predictions: Measurable,
    *,
    notion: Notion,
    class_index: int | None,
    engine: Engine | None = None,
) -> BinaryView:
    """Return the rows as a binary problem.

    Parameters
    ----------
    predictions : Predictions
        n rows.
    notion : {"top-label", "one-class"}
        Whose probability.
    class_index : int, optional
        The class of "one-class"; with two classes, class 1 by default.
    engine : Engine, optional
        What runs the passes over the rows.

    Raises
    ------
    InvalidArgument
        No such notion, no class named where there are more than two, or one named that does not exist.
    EmptyPredictions
        All rows weigh 0.
    IncompatiblePredictions
        The rows have soft labels.
    """
    rows = as_rows(predictions, engine)
    refuse_soft_labels(rows, "this")
    if notion not in ("top-label", "one-class"):
        raise InvalidArgument(f"notion must be 'top-label' or 'one-class'; got {notion!r}.")
    if notion == "top-label":
        if class_index is not None:
            raise InvalidArgument("class_index belongs to the notion 'one-class'.")
        values, correct = rows.summary.confidence, rows.summary.correct
    else:
        class_index = _class_or_default(rows, class_index)
        values, correct = one_class(rows, class_index)
    outcome = correct.astype(np.bool_, copy=False)
    if rows.weight.size == 0:
        return BinaryView(rows, class_index, slice(None), values, outcome, np.ones(len(values)))
    kept = np.flatnonzero(rows.weight > 0)
    if len(kept) == 0:
        raise EmptyPredictions("all rows weigh 0: nothing can be measured on them.")
    return BinaryView(rows, class_index, kept, values[kept], outcome[kept], rows.weight[kept])


def binary_entropy(share: Floats) -> Floats:
    """Return -s log s - (1 - s) log (1 - s), in nats.

    Examples
    --------
    >>> binary_entropy(np.array([0.0, 1.0])).tolist()
    [0.0, 0.0]
    """
    return np.asarray(np.abs(xlogy(share, share) + xlogy(1 - share, 1 - share)))


def _class_or_default(rows: Rows, class_index: int | None) -> int:
    if class_index is not None:
        return class_index
    if rows.predictions.k != 2:
        raise InvalidArgument(
            f"class_index is needed: with {rows.predictions.k} classes there is no positive one. "
            "Give the class whose probability is to be measured."
        )
    return 1
