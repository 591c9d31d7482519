"""The rows class by class and group by group."""

from __future__ import annotations

from calibrant.report.model.base import Interval, Model
from calibrant.report.model.diagram import Diagram


class ClassRow(Model):
    """One class against the rest.

    Attributes
    ----------
    name : str
        Of the class.
    n : int
        Rows of the class.
    frequency, mean_probability : float
        Share of its rows, and the mean probability it is given.
    recall : float or None
        Share of its rows whose top label it is; None without rows.
    ece_before, ece_after : float
        One-class ECE; None after without a calibrator.
    before, after : Diagram or None
        Its reliability, of the worst classes alone.
    """

    name: str
    n: int
    frequency: float
    mean_probability: float
    recall: float | None
    ece_before: float
    ece_after: float | None = None
    before: Diagram | None = None
    after: Diagram | None = None


class GroupRow(Model):
    """A subgroup of rows.

    Attributes
    ----------
    name : str
        Its label.
    n : int
        Rows.
    share : float
        Of the weight of all rows.
    value : float or None
        The metric there.
    interval : Interval or None
        Of the value.
    confidence_gap : float or None
        Mean confidence minus accuracy.
    p_value : float or None
        Of the test of calibration, after Holm's correction; None where it was not tested.
    beyond_chance : bool
        Whether it is miscalibrated at the level of the groups.
    """

    name: str
    n: int
    share: float
    value: float | None
    interval: Interval | None
    confidence_gap: float | None
    p_value: float | None
    beyond_chance: bool


class Groups(Model):
    """A metric by subgroup.

    Attributes
    ----------
    by : str
        What makes a group, in words.
    when : str
        "before" or "after".
    metric : str
        Title of the metric.
    overall : float
        On all rows.
    conclusion : str
        What the tests say.
    rows : tuple of GroupRow
        The groups.
    """

    by: str
    when: str
    metric: str
    overall: float
    conclusion: str
    rows: tuple[GroupRow, ...]
