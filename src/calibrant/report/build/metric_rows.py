"""The table of metrics: values before and after, conventions in words, and what chance alone would show."""

from __future__ import annotations

from calibrant.analysis import Evaluation
from calibrant.analysis.evaluation import TITLES
from calibrant.report.build.measured import EvaluatedSides
from calibrant.report.model import Expected, Interval, Metric, Side

_NO_DIRECTION = ("mean_confidence", "confidence_gap")


def metric_rows(rows: EvaluatedSides) -> tuple[Metric, ...]:
    """Return the metrics that are defined, in the order of the tables."""
    before = rows.before.evaluation
    found = []
    for name, title in TITLES.items():
        side = _side(before, name)
        if side is not None:
            found.append(
                Metric(
                    name=name,
                    title=title,
                    convention=str(before.conventions[name]),
                    lower_is_better=None if name in _NO_DIRECTION else name != "accuracy",
                    before=side,
                    after=None if rows.after is None else _side(rows.after.evaluation, name),
                )
            )
    return tuple(found)


def _side(evaluation: Evaluation, name: str) -> Side | None:
    value = getattr(evaluation, name)
    if value is None:
        return None
    interval, expected = evaluation.intervals.get(name), evaluation.expected_if_calibrated.get(name)
    return Side(
        value=value,
        interval=None
        if interval is None
        else Interval(low=interval.low, high=interval.high, level=interval.level),
        expected=None
        if expected is None
        else Expected(mean=expected.mean, low=expected.low, high=expected.high),
    )
