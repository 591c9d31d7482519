"""The subgroups that a file names, the one farthest from the best value first."""

from __future__ import annotations

import numpy as np

from calibrant.analysis import Subgroup, subgroups
from calibrant.analysis.evaluation import TITLES
from calibrant.analysis.subgroups import MOST_GROUPS
from calibrant.predictions import AnyPredictions, Predictions
from calibrant.report.build.measured import BeforeAfter
from calibrant.report.model import GroupRow, Groups, Interval

_METRIC = "ece_l2_debiased"


def group_rows(rows: BeforeAfter, *, seed: int) -> Groups | None:
    """Return the subgroups, after calibration where there is any; None where there are none, or too many.

    Rows of the top label alone and rows with counts of annotators have none here: the tests need one label
    for each row, and the scores of all classes.
    """
    when, side = rows.sides[-1]
    latest = side.rows.source
    if not isinstance(latest, Predictions) or latest.groups is None or has_too_many_groups(latest):
        return None
    found = subgroups(latest, _METRIC, seed=seed)
    beyond = {group.name for group in found.significant}
    ordered = sorted(
        found.groups, key=lambda group: -1.0 if group.value is None else group.value, reverse=True
    )
    return Groups(
        by="the groups of the file",
        when=when,
        metric=TITLES[_METRIC],
        overall=found.overall.value,
        conclusion=found.conclusion,
        rows=tuple(_row(group, beyond_chance=group.name in beyond) for group in ordered),
    )


def has_too_many_groups(rows: AnyPredictions) -> bool:
    """Say whether the rows name more groups than are measured."""
    return rows.groups is not None and len(np.unique(rows.groups)) > MOST_GROUPS


def _row(group: Subgroup, *, beyond_chance: bool) -> GroupRow:
    interval = group.interval
    return GroupRow(
        name=group.name,
        n=group.n,
        share=group.share,
        value=group.value,
        interval=None
        if interval is None
        else Interval(low=interval.low, high=interval.high, level=interval.level),
        confidence_gap=group.confidence_gap,
        p_value=group.adjusted_p_value,
        beyond_chance=beyond_chance,
    )
