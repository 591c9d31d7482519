"""What probabilities are for: leaving the least sure rows to someone else, and acting above a threshold."""

from __future__ import annotations

from typing import Self

from pydantic import model_validator

from calibrant.report.model.base import Model, check_lengths

THRESHOLDS = 101
"""Decisions are kept at 0, 0.01, … 1."""


class Deferral(Model):
    """What is decided, and how well, when rows below a confidence are left to someone else.

    Attributes
    ----------
    threshold : tuple of float, (t,)
        Confidences, ascending from 0 to 1: rows at or above one are decided.
    before_coverage, before_errors : tuple of float, (t,)
        Share of all rows that is decided, and share of all rows that is decided wrongly.
    after_coverage, after_errors : tuple of float, (t,), or None
        The same with the calibrated confidences.
    aurc_before, aurc_after : float or None
        Area under the risk-coverage curve.

    Notes
    -----
    If a wrong decision costs 1 and a deferral c, deciding at a confidence of at least 1 - c has the least
    expected cost for calibrated confidences (Chow, IEEE Transactions on Information Theory 1970); the cost
    at threshold t = 1 - c is errors + (1 - t)(1 - coverage).
    """

    threshold: tuple[float, ...]
    before_coverage: tuple[float, ...]
    before_errors: tuple[float, ...]
    after_coverage: tuple[float, ...] | None = None
    after_errors: tuple[float, ...] | None = None
    aurc_before: float | None = None
    aurc_after: float | None = None

    @model_validator(mode="after")
    def _check_columns(self) -> Self:
        _check(self.threshold, (self.before_coverage, self.before_errors))
        _check(self.threshold, (self.after_coverage, self.after_errors))
        return self


class PositiveDecisions(Model):
    """Of two classes: what acting on the positive class above a probability comes to.

    Attributes
    ----------
    class_name : str
        The positive class.
    threshold : tuple of float, (t,)
        Probabilities, ascending from 0 to 1: rows at or above one are called positive.
    before_false_positive, before_false_negative : tuple of float, (t,)
        Shares of all rows.
    after_false_positive, after_false_negative : tuple of float, (t,), or None
        The same with the calibrated probabilities.

    Notes
    -----
    Acting at probability t is best where a false alarm costs t for each 1 - t that a miss costs (Elkan,
    IJCAI 2001); the expected cost is then t · false positives + (1 - t) · false negatives.
    """

    class_name: str
    threshold: tuple[float, ...]
    before_false_positive: tuple[float, ...]
    before_false_negative: tuple[float, ...]
    after_false_positive: tuple[float, ...] | None = None
    after_false_negative: tuple[float, ...] | None = None

    @model_validator(mode="after")
    def _check_columns(self) -> Self:
        _check(self.threshold, (self.before_false_positive, self.before_false_negative))
        _check(self.threshold, (self.after_false_positive, self.after_false_negative))
        return self


def _check(
    threshold: tuple[float, ...], both: tuple[tuple[float, ...] | None, tuple[float, ...] | None]
) -> None:
    if (both[0] is None) != (both[1] is None):
        raise ValueError("what is so after calibration needs both columns, or none")
    check_lengths(THRESHOLDS, (threshold, *both), "the thresholds 0, 0.01, … 1")
