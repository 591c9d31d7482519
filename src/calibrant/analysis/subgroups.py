"""`subgroups`: a metric in every group of rows, and which groups are miscalibrated beyond chance.

The tests are corrected for their number, so that looking at many groups does not make one look bad.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Any

import numpy as np

from calibrant._typing import Floats
from calibrant.analysis.groups_tested import DRAWS_PER_GROUP, groups_tested
from calibrant.analysis.holm import holm
from calibrant.analysis.intervals import LEVEL, quantile
from calibrant.analysis.kuiper_test import DRAWS
from calibrant.analysis.row_groups import By, RowGroup, row_groups
from calibrant.analysis.subgroup import Subgroup, measure_subgroup
from calibrant.analysis.table import as_text
from calibrant.engine import DEFAULT_ENGINE, Engine
from calibrant.errors import InvalidArgument
from calibrant.html_blocks import Block, Grid, as_html
from calibrant.metrics import METRICS, Measurement, Rows
from calibrant.metrics.one_class import one_class
from calibrant.metrics.soft_labels import refuse_soft_labels
from calibrant.predictions import Predictions
from calibrant.printable import shown

SCHEMA = "calibrant.subgroups/1"
FEWEST_ROWS = 30
MOST_GROUPS = 5_000
MOST_LINES = 40

_BY_LABEL = "a calibrated classifier is not calibrated among the rows of one true class"
_TOO_MANY = "testing more groups than the largest would draw too many outcomes"


@dataclass(frozen=True)
class Subgroups:
    """A metric by group of rows.

    Attributes
    ----------
    by : {"groups", "class", "predicted"}
        What makes a group.
    overall : Measurement
        The metric on all rows.
    best : float
        Its value for a perfect predictor.
    level : float
        Coverage of each interval; 1 - level is the family-wise error rate of the tests.
    fewest_rows : int
        Groups of fewer rows (by weight) were not tested.
    groups : tuple of Subgroup
        Every group that has rows, in the order of their labels.
    """

    by: By
    overall: Measurement
    best: float
    level: float
    fewest_rows: int
    groups: tuple[Subgroup, ...]

    @property
    def tested(self) -> tuple[Subgroup, ...]:
        """The groups that were tested."""
        return tuple(group for group in self.groups if group.test is not None)

    @property
    def significant(self) -> tuple[Subgroup, ...]:
        """The groups that are miscalibrated beyond chance, the one farthest from the best value first."""
        found = [
            group
            for group in self.groups
            if group.adjusted_p_value is not None and group.adjusted_p_value <= 1 - self.level
        ]
        return tuple(sorted(found, key=self._distance, reverse=True))

    @property
    def conclusion(self) -> str:
        """What the tests say, in a plain sentence."""
        tested, significant = len(self.tested), self.significant
        if tested == 0:
            return f"No group was tested: {self.groups[0].not_tested}."
        how = f"Kuiper's test with Holm's correction, {1 - self.level:.2g} family-wise"
        if not significant:
            return f"None of {tested} tested groups is miscalibrated beyond chance ({how})."
        worst = significant[0]
        gap = worst.confidence_gap or 0.0
        side = "above" if gap >= 0 else "below"
        return (
            f"Worst: {shown(worst.name)}, whose {self.overall.name} is {worst.value:.4f} on {worst.n:,} rows "
            f"({self.overall.value:.4f} on all rows), mean confidence {abs(gap):.4f} {side} accuracy, "
            f"adjusted p-value {worst.adjusted_p_value:.2g}. {len(significant)} of {tested} tested groups "
            f"miscalibrated beyond chance ({how})."
        )

    def to_json(self) -> dict[str, Any]:
        """Return the documented JSON form, at full precision."""
        significant = self.significant
        return {
            "schema": SCHEMA,
            "by": self.by,
            "metric": self.overall.name,
            "convention": self.overall.convention.to_json(),
            "overall": self.overall.value,
            "best": self.best,
            "level": self.level,
            "fewest_rows": self.fewest_rows,
            "groups": [group.to_json() for group in self.groups],
            "worst": significant[0].name if significant else None,
            "conclusion": self.conclusion,
        }

    def __str__(self) -> str:
        return as_text(self._blocks())

    def _repr_html_(self) -> str:
        return as_html(self._blocks())

    def _blocks(self) -> list[Block]:
        interval = f"{self.level:.0%} interval" if any(group.interval for group in self.groups) else ""
        header = ["group", "rows", "share", self.overall.name, interval, "confidence - accuracy"]
        ordered = sorted(self.groups, key=self._distance, reverse=True)
        lines = [group.cells(self.level) for group in ordered[:MOST_LINES]]
        blocks: list[Block] = [Grid([*header, "p-value", "adjusted", ""], lines)]
        left_out = len(ordered) - len(lines)
        if left_out:
            blocks.append(f"{left_out:,} more groups, nearer to the best value")
        reasons = dict.fromkeys(group.not_tested for group in self.groups if group.not_tested)
        if self.tested and reasons:
            blocks.append(f"not tested: {'; '.join(reasons)}")
        return [*blocks, self.conclusion]

    def _distance(self, group: Subgroup) -> float:
        return -1.0 if group.value is None else abs(group.value - self.best)


def subgroups(
    predictions: Predictions,
    metric: str = "ece_l2_debiased",
    *,
    by: By = "groups",
    level: float = LEVEL,
    fewest_rows: int = FEWEST_ROWS,
    seed: int = 0,
    engine: Engine = DEFAULT_ENGINE,
) -> Subgroups:
    """Measure every group of rows, and test which are miscalibrated beyond chance.

    Parameters
    ----------
    predictions : Predictions
        Rows to measure. A weight of w counts as w rows.
    metric : str
        A name of `calibrant.metrics.METRICS`.
    by : {"groups", "class", "predicted"}
        The rows' groups, true classes or predicted classes.
    level : float
        Coverage of each interval; 1 - level is the family-wise error rate of the tests.
    fewest_rows : int
        Groups of fewer rows (by weight) are measured but not tested.
    seed : int
        Of the tests' simulation.
    engine : Engine
        What runs the sums.

    Raises
    ------
    InvalidArgument
        No such metric or `by`, no column of groups, more than 5,000 groups, a level outside 0..1,
        `fewest_rows` below 1.
    EmptyPredictions
        All rows weigh 0.

    Notes
    -----
    Each group is tested by `kuiper_test`: of the top label, or of the class that the metric is about; the
    p-values are adjusted by `holm`. True classes are not tested: given the label, labels no longer come as
    often as predicted, however good the classifier. The same holds for groups that were made from labels.
    Of very many groups the largest are tested, as many as `groups_tested` says.
    The smaller a group, the larger a biased metric such as `ece` is by chance; compare groups by a debiased
    one.

    Examples
    --------
    >>> labels, groups = [1] * 36 + [0] * 4 + [1] * 20 + [0] * 20, ["a"] * 40 + ["b"] * 40
    >>> found = subgroups(Predictions.from_probs([0.9] * 80, labels, groups=groups), "accuracy")
    >>> [(group.name, group.value) for group in found.groups], [group.name for group in found.significant]
    ([('a', 0.9), ('b', 0.5)], ['b'])
    """
    if metric not in METRICS:
        raise InvalidArgument(f"there is no metric {metric!r}; metrics: {', '.join(METRICS)}.")
    if fewest_rows < 1:
        raise InvalidArgument(f"fewest_rows must be at least 1; got {fewest_rows!r}.")
    quantile(level)
    rows, measure = Rows(predictions, engine), METRICS[metric]
    refuse_soft_labels(rows, "the test of each group")
    found = list(row_groups(rows, by))
    if len(found) > MOST_GROUPS:
        raise InvalidArgument(
            f"there are {len(found):,} groups, and at most {MOST_GROUPS:,} are measured. Does the column "
            "name single rows? Give groups that have more rows each."
        )
    overall = measure(rows)
    weights, reasons = _weights(rows, found), _reasons(rows, overall, found, by, fewest_rows)
    draws = max(DRAWS, DRAWS_PER_GROUP * sum(reason is None for reason in reasons) - 1)
    groups = [
        measure_subgroup(
            group.name,
            Rows(predictions.take(group.index), engine),
            measure,
            total=float(weights.sum()),
            not_tested=reason,
            level=level,
            draws=draws,
            seed=(seed, place),
        )
        for place, (group, reason) in enumerate(zip(found, reasons, strict=True))
    ]
    return Subgroups(by, overall, measure.best, level, fewest_rows, _adjusted(groups))


def _weights(rows: Rows, found: list[RowGroup]) -> Floats:
    """Return the weight of each group."""
    return np.array([float(_weight(rows)[group.index].sum()) for group in found])


def _weight(rows: Rows) -> Floats:
    return rows.weight if rows.weight.size else np.ones(rows.n)


def _reasons(
    rows: Rows, overall: Measurement, found: list[RowGroup], by: By, fewest_rows: int
) -> list[str | None]:
    """Return of each group why it is not tested; None where it is."""
    if by == "class":
        return [_BY_LABEL] * len(found)
    enough = _weights(rows, found) >= fewest_rows
    index = overall.convention.class_index
    probability = rows.summary.confidence if index is None else one_class(rows, index)[0]
    spread = _weight(rows) * probability * (1 - probability)
    variance = np.array([float(spread[group.index].sum()) for group in found])
    sizes = np.where(enough, [float(len(group.index)) for group in found], 0.0)
    few = f"fewer than {fewest_rows:,} rows"
    return [
        few if not is_enough else None if is_tested else _TOO_MANY
        for is_enough, is_tested in zip(enough, groups_tested(sizes, variance), strict=True)
    ]


def _adjusted(groups: list[Subgroup]) -> tuple[Subgroup, ...]:
    """Return the groups with p-values adjusted for the number of tests."""
    tested = [group.test.p_value for group in groups if group.test is not None]
    adjusted = iter(holm(np.array(tested, dtype=np.float64)).tolist())
    return tuple(
        group if group.test is None else replace(group, adjusted_p_value=next(adjusted)) for group in groups
    )
