"""Whether there is a calibration error at all, and how small a one these rows could show."""

from __future__ import annotations

from calibrant.report.model.base import Model


class CalibrationTest(Model):
    """A test of perfect calibration.

    Attributes
    ----------
    title : str
        What was tested, by which statistic.
    when : {"before", "after"}
        Of which probabilities; the field is free text for a person.
    p_value : float
        Probability of a statistic at least as large under perfect calibration.
    conclusion : str
        In a plain sentence.
    """

    title: str
    when: str
    p_value: float
    conclusion: str


class Detectable(Model):
    """The smallest error that the test finds with a given power.

    Attributes
    ----------
    error : float or None
        L2 error, a fraction; None where these rows would show none.
    power, alpha : float
        Probability of finding it, and of a false alarm.
    """

    error: float | None
    power: float
    alpha: float
