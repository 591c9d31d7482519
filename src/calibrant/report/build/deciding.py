"""What probabilities are for: rows that are decided above a confidence, and positives above a probability."""

from __future__ import annotations

import numpy as np

from calibrant._typing import Floats
from calibrant.metrics import METRICS
from calibrant.metrics.binary_view import Tally
from calibrant.metrics.views import views
from calibrant.report.build.measured import BeforeAfter, Measured
from calibrant.report.model import Deferral, PositiveDecisions

THRESHOLDS = np.arange(101) / 100
"""0, 0.01, … 1, each the float64 nearest to the fraction."""

Numbers = tuple[float, ...]


def deferral(rows: BeforeAfter) -> Deferral:
    """Return what is decided, and decided wrongly, when rows below a confidence are left to someone else."""
    before, after = (None if side is None else _decided(side) for side in (rows.before, rows.after))
    assert before is not None
    return Deferral(
        threshold=tuple(THRESHOLDS.tolist()),
        before_coverage=before[0],
        before_errors=before[1],
        after_coverage=None if after is None else after[0],
        after_errors=None if after is None else after[1],
        aurc_before=_aurc(rows.before),
        aurc_after=None if rows.after is None else _aurc(rows.after),
    )


def positive_decisions(rows: BeforeAfter) -> PositiveDecisions | None:
    """Return what acting on the positive class comes to; None unless there are two classes."""
    if not rows.before.has_all_classes or rows.before.rows.predictions.k != 2:
        return None
    before, after = (None if side is None else _acted(side) for side in (rows.before, rows.after))
    assert before is not None
    return PositiveDecisions(
        class_name=rows.before.rows.predictions.class_name(1),
        threshold=tuple(THRESHOLDS.tolist()),
        before_false_positive=before[0],
        before_false_negative=before[1],
        after_false_positive=None if after is None else after[0],
        after_false_negative=None if after is None else after[1],
    )


def at_or_above(tally: Tally) -> tuple[Floats, Floats, float, float]:
    """Return weight and events at or above each threshold, and the weight and events of all.

    Examples
    --------
    >>> tally = Tally(np.array([0.2, 0.9]), np.array([1.0, 3.0]), np.array([0.0, 2.0]))
    >>> weight, events, total, _ = at_or_above(tally)
    >>> weight[[0, 50, 100]].tolist(), events[[0, 50, 100]].tolist(), total
    ([4.0, 3.0, 0.0], [2.0, 2.0, 0.0], 4.0)
    """
    first = np.searchsorted(tally.values, THRESHOLDS, side="left")
    weight, events = (np.append(np.cumsum(of[::-1])[::-1], 0.0) for of in (tally.weight, tally.events))
    return weight[first], events[first], float(weight[0]), float(events[0])


def _decided(side: Measured) -> tuple[Numbers, Numbers]:
    (view,) = views(side.rows, "top-label", name="deferral")
    weight, right, total, _ = at_or_above(view.tally())
    return _shares(weight, total), _shares(weight - right, total)


def _acted(side: Measured) -> tuple[Numbers, Numbers]:
    (view,) = views(side.rows, "one-class", 1, name="decisions")
    weight, positives, total, of_class = at_or_above(view.tally())
    return _shares(weight - positives, total), _shares(of_class - positives, total)


def _shares(weight: Floats, total: float) -> Numbers:
    return tuple(np.clip(weight / total, 0.0, 1.0).tolist())


def _aurc(side: Measured) -> float:
    return METRICS["aurc"](side.rows).value
