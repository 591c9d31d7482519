"""What an evaluation knows of rows after one look at each: sums that merge over parts.

What they come to is the business of `evaluate` and `evaluated_errors`.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np

from calibrant._typing import Floats
from calibrant.analysis.calibrated_draws import equal_width_cells, view_of
from calibrant.analysis.moments import Moments
from calibrant.metrics.bins import BinState, bin_classes, bin_values, equal_width_edges
from calibrant.metrics.convention import Notion
from calibrant.metrics.rows import Rows


@dataclass(frozen=True, eq=False, slots=True)
class ViewSums:
    """The top label, or one class: its bins, (1, m, 4), and 64 cells to each, (64 m, 4)."""

    bins: BinState
    cells: Floats

    def merge(self, other: ViewSums) -> ViewSums:
        """Return the sums of both sets of rows."""
        return ViewSums(self.bins.merge(other.bins), self.cells + other.cells)


@dataclass(frozen=True, eq=False, slots=True)
class FirstLook:
    """Sums over rows.

    Attributes
    ----------
    n : int
        Rows.
    weighted : bool
        Whether they have weights.
    moments : mapping of str to Moments
        Of accuracy, mean confidence, confidence minus accuracy and, where all classes are known, of
        log-loss and Brier score.
    floored : int or None
        Rows whose true class has a probability of 2⁻¹²⁶ or less.
    top : ViewSums
        Of the top label.
    positive : ViewSums or None
        Of class 1, where there are two.
    classes : BinState or None
        Every class's bins, (k, m, 4); None where only the top label is known.
    """

    n: int
    weighted: bool
    moments: Mapping[str, Moments]
    floored: int | None
    top: ViewSums
    positive: ViewSums | None
    classes: BinState | None

    @property
    def weight(self) -> float:
        """Sum of the weights of the rows."""
        return self.moments["accuracy"].weight

    def merge(self, other: FirstLook) -> FirstLook:
        """Return the sums of both sets of rows, of as many classes."""
        return FirstLook(
            n=self.n + other.n,
            weighted=self.weighted or other.weighted,
            moments={name: each.merge(other.moments[name]) for name, each in self.moments.items()},
            floored=None if self.floored is None or other.floored is None else self.floored + other.floored,
            top=self.top.merge(other.top),
            positive=None
            if self.positive is None or other.positive is None
            else self.positive.merge(other.positive),
            classes=None
            if self.classes is None or other.classes is None
            else self.classes.merge(other.classes),
        )


def first_look(rows: Rows, *, k: int | None, bins: int) -> FirstLook:
    """Look at rows of k classes, or of the top label alone (None)."""
    # This pass over the scores leaves what all that follows needs.
    classes = None if k is None else bin_classes(rows, equal_width_edges(bins))
    return FirstLook(
        n=rows.n,
        weighted=rows.weight.size > 0,
        moments={name: Moments.of(values, rows.weight) for name, values in row_values(rows).items()},
        floored=None if k is None else int(np.count_nonzero(rows.summary.floored)),
        top=_view_sums(rows, None, bins),
        positive=_view_sums(rows, 1, bins) if k == 2 else None,
        classes=classes,
    )


def row_values(rows: Rows) -> dict[str, Floats]:
    """Return what each row adds to the means of an evaluation, by name."""
    summary = rows.summary
    correct = summary.correct.astype(np.float64)
    losses = {} if summary.losses is None else {"nll": summary.nll, "brier": summary.brier}
    return {
        "accuracy": correct,
        "mean_confidence": summary.confidence,
        **losses,
        "confidence_gap": summary.confidence - correct,
    }


def _view_sums(rows: Rows, class_index: int | None, bins: int) -> ViewSums:
    notion: Notion = "top-label" if class_index is None else "one-class"
    values, correct = view_of(rows, notion, class_index)
    state = bin_values(rows, values, correct, equal_width_edges(bins))
    return ViewSums(state, equal_width_cells(rows, values, correct, bins))
