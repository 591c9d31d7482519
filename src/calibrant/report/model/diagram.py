"""Reliability diagrams, and the histograms over the same bins."""

from __future__ import annotations

from typing import Self

from pydantic import model_validator

from calibrant.report.model.base import Model


class Bin(Model):
    """A bin of confidences.

    Attributes
    ----------
    lower, upper : float
        Ends; the upper one belongs to it.
    n : int
        Rows.
    weight : float
        Their weight; n where rows have none.
    confidence, accuracy : float or None
        Means over the bin; None in an empty one. Of one class: mean probability and frequency.
    low, high : float or None
        Wilson interval of the accuracy.
    band_low, band_high : float or None
        Where the accuracy would lie, at the level of the diagram, were the confidences right.
    """

    lower: float
    upper: float
    n: int
    weight: float
    confidence: float | None = None
    accuracy: float | None = None
    low: float | None = None
    high: float | None = None
    band_low: float | None = None
    band_high: float | None = None

    @model_validator(mode="after")
    def _check_ends(self) -> Self:
        if (self.low is None) != (self.high is None) or (self.band_low is None) != (self.band_high is None):
            raise ValueError("an interval needs both ends, or none")
        return self


class Diagram(Model):
    """A reliability diagram.

    Attributes
    ----------
    ece, mce : float
        Errors of these bins, fractions.
    mean_confidence, accuracy : float
        Means over all rows.
    level : float
        Of the intervals and the band.
    outside : int or None
        Bins whose accuracy lies outside the band; None where there is no band.
    convention : str
        How the bins were made.
    bins : tuple of Bin
        Ascending.
    """

    ece: float
    mce: float
    mean_confidence: float
    accuracy: float
    level: float
    outside: int | None
    convention: str
    bins: tuple[Bin, ...]


class Panel(Model):
    """One view of the rows, before and after.

    Attributes
    ----------
    title : str
        What the view is of: the top label, or a class.
    class_index : int or None
        The class whose probability is drawn; None for the top label.
    before : Diagram
        As the probabilities came.
    after : Diagram or None
        After the calibrator, where there is one.
    """

    title: str
    class_index: int | None
    before: Diagram
    after: Diagram | None = None
