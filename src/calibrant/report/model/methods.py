"""Calibrators side by side, and why one of them was taken."""

from __future__ import annotations

from calibrant.report.model.base import Interval, Model


class MethodRow(Model):
    """How one method did on rows it was not fitted on.

    Attributes
    ----------
    method : str
        Its name in the registry.
    nll, brier, ece, classwise_ece, accuracy : float
        Of the calibrated rows.
    difference : float or None
        Log-loss minus that of temperature scaling, on the same rows; None for temperature scaling itself.
    interval : Interval or None
        Of the difference.
    parameters : int
        Numbers that the fit was free to choose.
    """

    method: str
    nll: float
    brier: float
    ece: float
    classwise_ece: float
    accuracy: float
    difference: float | None
    interval: Interval | None
    parameters: int


class Refused(Model):
    """A method that could not be fitted, or was not tried, and why."""

    method: str
    reason: str


class Methods(Model):
    """A comparison.

    Attributes
    ----------
    procedure : str
        How fitting and scoring rows were kept apart.
    rows : tuple of MethodRow
        Least log-loss first.
    refused : tuple of Refused
        Those that are not among them.
    chosen : str
        The method whose "after" the report shows.
    why : str
        Why, in a plain sentence.
    """

    procedure: str
    rows: tuple[MethodRow, ...]
    refused: tuple[Refused, ...]
    chosen: str
    why: str
