"""What probabilities are for: rows that are decided above a confidence, and positives above a probability."""

from __future__ import annotations

import numpy as np

from calibrant._typing import Floats
from calibrant.metrics import METRICS, Rows
from calibrant.metrics.convention import Notion
from calibrant.metrics.views import views
from calibrant.report.build.measured import BeforeAfter, Measured
from calibrant.report.model import Deferral, PositiveDecisions
from calibrant.report.model.decisions import THRESHOLDS as COUNT

THRESHOLDS = np.arange(COUNT) / (COUNT - 1)
"""0, 0.01, … 1, each the float64 nearest to the fraction."""

Numbers = tuple[float, ...]

Decided = tuple[Numbers, Numbers]
"""Two shares of all rows at each threshold."""


def deferral(rows: BeforeAfter) -> Deferral:
    """Return what is decided, and decided wrongly, when rows below a confidence are left to someone else."""
    before, after = (None if side is None else _decided(side) for side in (rows.before, rows.after))
    assert before is not None
    return deferral_of(before, after).model_copy(
        update={
            "aurc_before": _aurc(rows.before),
            "aurc_after": None if rows.after is None else _aurc(rows.after),
        }
    )


def deferral_of(before: Decided, after: Decided | None) -> Deferral:
    """Return the same for shares that are there already; the areas, which need all rows, are not known."""
    return Deferral(
        threshold=tuple(THRESHOLDS.tolist()),
        before_coverage=before[0],
        before_errors=before[1],
        after_coverage=None if after is None else after[0],
        after_errors=None if after is None else after[1],
    )


def positive_decisions(rows: BeforeAfter) -> PositiveDecisions | None:
    """Return what acting on the positive class comes to; None unless there are two classes."""
    if not rows.before.has_all_classes or rows.before.rows.predictions.k != 2:
        return None
    before, after = (None if side is None else _acted(side) for side in (rows.before, rows.after))
    assert before is not None
    return positive_of(rows.before.rows.predictions.class_name(1), before, after)


def positive_of(class_name: str, before: Decided, after: Decided | None) -> PositiveDecisions:
    """Return the same for shares of false positives and false negatives that are there already."""
    return PositiveDecisions(
        class_name=class_name,
        threshold=tuple(THRESHOLDS.tolist()),
        before_false_positive=before[0],
        before_false_negative=before[1],
        after_false_positive=None if after is None else after[0],
        after_false_negative=None if after is None else after[1],
    )


def thresholded(rows: Rows, class_index: int | None) -> Floats:
    """Return weight and events at or above each threshold, (2, 101); those of all rows are at the first."""
    notion: Notion = "top-label" if class_index is None else "one-class"
    (view,) = views(rows, notion, class_index, name="decisions")
    tally = view.tally()
    weight, events = tally.below(THRESHOLDS)
    return np.stack((tally.weight.sum() - weight, tally.events.sum() - events))


def decided(sums: Floats) -> Decided:
    """Return what is decided, and decided wrongly, from the sums at thresholds of the top label."""
    weight, right = sums
    return _shares(weight, weight[0]), _shares(weight - right, weight[0])


def acted(sums: Floats) -> Decided:
    """Return false positives and false negatives, from the sums at thresholds of the positive class."""
    weight, positives = sums
    return _shares(weight - positives, weight[0]), _shares(positives[0] - positives, weight[0])


def _decided(side: Measured) -> Decided:
    return decided(thresholded(side.rows, None))


def _acted(side: Measured) -> Decided:
    return acted(thresholded(side.rows, 1))


def _shares(weight: Floats, total: np.float64) -> Numbers:
    return tuple(np.clip(weight / total, 0.0, 1.0).tolist())


def _aurc(side: Measured) -> float:
    return METRICS["aurc"](side.rows).value
