"""One group of rows: a metric's value there, its interval, and the test of calibration."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from calibrant.analysis.intervals import LEVEL, Interval
from calibrant.analysis.kuiper_test import DRAWS, kuiper_test
from calibrant.analysis.metric_interval import metric_interval
from calibrant.metrics import Rows, confidence_gap
from calibrant.metrics.convention import Notion
from calibrant.metrics.registry import AnyMetric
from calibrant.metrics.significance import SignificanceTest
from calibrant.printable import LONGEST_CELL, shown


@dataclass(frozen=True, slots=True)
class Subgroup:
    """A group of rows and how it fares. Fractions and nats; None where undefined.

    Attributes
    ----------
    name : str
        The group's label, or the class's name.
    n : int
        Rows.
    share : float
        Their share of the weight of all rows.
    value : float or None
        The metric; None if all its rows weigh 0.
    interval : Interval or None
        Of the value, for this group by itself; None where the metric has no formula for it.
    confidence_gap : float or None
        Mean confidence minus accuracy: above 0 overconfident.
    test : SignificanceTest or None
        Of calibration; None if the group was not tested.
    adjusted_p_value : float or None
        The test's p-value after Holm's correction for all groups tested.
    not_tested : str or None
        Why there is no test.
    """

    name: str
    n: int
    share: float
    value: float | None
    interval: Interval | None
    confidence_gap: float | None
    test: SignificanceTest | None
    adjusted_p_value: float | None
    not_tested: str | None

    def to_json(self) -> dict[str, Any]:
        """Return the documented JSON form."""
        return {
            "name": self.name,
            "n": self.n,
            "share": self.share,
            "value": self.value,
            "interval": None if self.interval is None else self.interval.to_json(),
            "confidence_gap": self.confidence_gap,
            "test": None if self.test is None else self.test.to_json(),
            "adjusted_p_value": self.adjusted_p_value,
            "not_tested": self.not_tested,
        }

    def cells(self, level: float) -> list[str]:
        """Return the group as a line of a table; its test at family-wise coverage `level`."""
        value = "" if self.value is None else f"{self.value:.4f}"
        interval = "" if self.interval is None else f"{self.interval.low:.4f} to {self.interval.high:.4f}"
        gap = "" if self.confidence_gap is None else f"{self.confidence_gap:+.4f}"
        line = [shown(self.name, LONGEST_CELL), f"{self.n:,}", f"{self.share:.1%}", value, interval, gap]
        if self.test is None or self.adjusted_p_value is None:
            return [*line, "not tested", "", ""]
        mark = "*" if self.adjusted_p_value <= 1 - level else ""
        return [*line, f"{self.test.p_value:.2g}", f"{self.adjusted_p_value:.2g}", mark]


def measure_subgroup(
    name: str,
    rows: Rows,
    metric: AnyMetric,
    *,
    total: float,
    not_tested: str | None = None,
    level: float = LEVEL,
    draws: int = DRAWS,
    seed: int | tuple[int, ...] = 0,
) -> Subgroup:
    """Measure one group, and test it unless there is a reason not to; the p-value is not adjusted here.

    Parameters
    ----------
    name : str
        Of the group.
    rows : Rows
        Its rows.
    metric : AnyMetric
        What to measure. A metric of one class is tested by that class's probability, all others by the top
        label's.
    total : float
        Weight of the rows of all groups.
    not_tested : str, optional
        Why there shall be no test.
    level : float
        Of the interval.
    draws, seed
        Of the test's simulation.
    """
    weight = float(rows.weight.sum()) if rows.weight.size else float(rows.predictions.n)
    if weight == 0:
        return Subgroup(name, rows.predictions.n, 0.0, None, None, None, None, None, "all rows weigh 0")
    measured, test = metric(rows), None
    if not_tested is None:
        index = measured.convention.class_index
        notion: Notion = "top-label" if index is None else "one-class"
        test = kuiper_test(rows, notion=notion, class_index=index, draws=draws, seed=seed)
    return Subgroup(
        name=name,
        n=rows.predictions.n,
        share=weight / total,
        value=measured.value,
        interval=metric_interval(measured, rows, level),
        confidence_gap=confidence_gap(rows).value,
        test=test,
        adjusted_p_value=None,
        not_tested=not_tested,
    )
