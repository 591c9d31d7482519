"""The verdict: what a reader should take away, and what to do."""

from __future__ import annotations

from calibrant.report.model.base import Interval, Model


class Advice(Model):
    """Something to do.

    Attributes
    ----------
    text : str
        In a plain sentence.
    command : str or None
        To paste into a shell.
    """

    text: str
    command: str | None = None


class Verdict(Model):
    """The first thing that a reader sees.

    Attributes
    ----------
    headline : str
        One sentence, with the number and its interval.
    repair : str
        What the calibrator did, and what another would do better; empty without one.
    gap : float
        Mean confidence minus accuracy of the probabilities as they came, a fraction.
    interval : Interval
        Of the gap.
    advice : tuple of Advice
        What to do, the most important first.
    """

    headline: str
    repair: str
    gap: float
    interval: Interval
    advice: tuple[Advice, ...]
