"""Tests of perfect calibration before and after, and the smallest error that these rows would show."""

from __future__ import annotations

from collections.abc import Callable

from calibrant.analysis import DetectableError, calibration_test, minimum_detectable_error
from calibrant.analysis.calibration_test import Statistic
from calibrant.analysis.detectable import detectable_of_bins
from calibrant.errors import InvalidArgument
from calibrant.metrics.bins import BinState
from calibrant.metrics.convention import Notion
from calibrant.metrics.significance import SignificanceTest
from calibrant.printable import shown
from calibrant.report.build.measured import BeforeAfter, Measured
from calibrant.report.model import CalibrationTest, Detectable

_LEVEL = 0.05
BY_BINS = "debiased squared error of 15 bins"
_TOP_LABEL: tuple[tuple[str, Statistic, int | None], ...] = (
    (f"Top label, {BY_BINS}", "l2-debiased", None),
    ("Top label, Kuiper's statistic, free of bins", "kuiper", None),
)


def tests_of(rows: BeforeAfter, *, seed: int) -> tuple[CalibrationTest, ...]:
    """Return the tests; none for soft labels, which do not vary as drawn labels do."""
    if not rows.before.has_one_label:
        return ()
    asked = list(_TOP_LABEL)
    source = rows.before.rows
    if rows.before.has_all_classes and source.predictions.k == 2:
        name = shown(source.predictions.class_name(1))
        asked.append((f"Class {name}, {BY_BINS}", "l2-debiased", 1))
    found = [
        _tested(title, when, side, statistic, index, seed)
        for title, statistic, index in asked
        for when, side in rows.sides
    ]
    return tuple(test for test in found if test is not None)


def detectable(side: Measured) -> Detectable | None:
    """Return the smallest error that the test would find; None for soft labels and for too few rows."""
    if not side.has_one_label:
        return None
    return _found(lambda: minimum_detectable_error(side.rows))


def detectable_in(state: BinState) -> Detectable | None:
    """Return the same for the top label's bins, (1, m, 4)."""
    return _found(lambda: detectable_of_bins(state))


def _found(search: Callable[[], DetectableError]) -> Detectable | None:
    try:
        found = search()
    except InvalidArgument:  # no bin has two rows
        return None
    return Detectable(error=found.error, power=found.power, alpha=found.alpha)


def _tested(
    title: str, when: str, side: Measured, statistic: Statistic, class_index: int | None, seed: int
) -> CalibrationTest | None:
    notion: Notion = "top-label" if class_index is None else "one-class"
    found = calibration_test(
        side.rows, statistic=statistic, notion=notion, class_index=class_index, seed=seed
    )
    return told(found, title, when)


def told(found: SignificanceTest, title: str, when: str) -> CalibrationTest | None:
    """Return a test as the report has it; None where it has no p-value."""
    if found.p_value is None:
        return None
    return CalibrationTest(
        title=title, when=when, p_value=found.p_value, conclusion=_conclusion(found.p_value)
    )


def _conclusion(p_value: float) -> str:
    if p_value <= _LEVEL:
        return "Perfect calibration would rarely show so large an error: it is ruled out at the level 0.05."
    return "Perfect calibration often shows so large an error: these rows do not rule it out."
