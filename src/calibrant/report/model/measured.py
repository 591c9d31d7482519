"""A metric before and after calibration, with what is known of its uncertainty."""

from __future__ import annotations

from calibrant.report.model.base import Interval, Model


class Expected(Model):
    """What a metric would be on as many rows if these probabilities were perfectly calibrated."""

    mean: float
    low: float
    high: float


class Side(Model):
    """A metric of one set of probabilities.

    Attributes
    ----------
    value : float
        Fraction or nats.
    interval : Interval or None
        Where a valid one is known.
    expected : Expected or None
        Of the calibration errors.
    """

    value: float
    interval: Interval | None = None
    expected: Expected | None = None


class Metric(Model):
    """A row of the table of metrics.

    Attributes
    ----------
    name : str
        In JSON and in the registry of metrics.
    title : str
        What a person reads.
    convention : str
        How it is defined, in words.
    lower_is_better : bool or None
        None where neither is, as of the mean confidence.
    before : Side
        Of the probabilities as they came.
    after : Side or None
        Of the calibrated ones; None where there is no calibrator, or the metric is not defined.
    """

    name: str
    title: str
    convention: str
    lower_is_better: bool | None
    before: Side
    after: Side | None = None
