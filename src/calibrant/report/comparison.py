"""The rows of the before/after table, as the strings a reader sees."""

from __future__ import annotations

from dataclasses import dataclass

from calibrant.analysis import Evaluation
from calibrant.analysis.evaluation import TITLES


@dataclass(frozen=True, slots=True)
class Cell:
    """A value, and its interval where it has one."""

    value: str
    interval: str


@dataclass(frozen=True, slots=True)
class ComparisonRow:
    """One metric before and after, and what it would be after if the probabilities were perfect."""

    title: str
    before: Cell
    after: Cell
    expected: Cell


def comparison(before: Evaluation, after: Evaluation) -> tuple[ComparisonRow, ...]:
    """Return one row for each metric that is defined."""
    return tuple(
        ComparisonRow(title, _measured(before, name), _measured(after, name), _expected(after, name))
        for name, title in TITLES.items()
        if getattr(before, name) is not None
    )


def _measured(evaluation: Evaluation, name: str) -> Cell:
    interval = evaluation.intervals.get(name)
    return Cell(
        _number(getattr(evaluation, name)), "" if interval is None else _span(interval.low, interval.high)
    )


def _expected(evaluation: Evaluation, name: str) -> Cell:
    expected = evaluation.expected_if_calibrated.get(name)
    return (
        Cell("", "") if expected is None else Cell(_number(expected.mean), _span(expected.low, expected.high))
    )


def _span(low: float, high: float) -> str:
    return f"{_number(low)} to {_number(high)}"


def _number(value: float) -> str:
    return f"{value:.4f}"
