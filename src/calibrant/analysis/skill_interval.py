"""The interval of a skill against the base rate: a ratio whose denominator comes from the same labels."""

from __future__ import annotations

from typing import Literal

import numpy as np

from calibrant.analysis.intervals import LEVEL, Interval, mean_interval
from calibrant.errors import InvalidArgument
from calibrant.metrics.rows import Measurable, as_rows
from calibrant.metrics.skill import brier_skill, nll_skill

Score = Literal["brier", "nll"]


def skill_interval(
    predictions: Measurable, *, score: Score = "brier", level: float = LEVEL
) -> Interval | None:
    """Return the normal interval of `brier_skill` or `nll_skill`; None with one row.

    Parameters
    ----------
    predictions : Predictions
        Rows to measure. A weight of w counts as w rows.
    score : {"brier", "nll"}
        Whose skill.
    level : float
        Nominal coverage.

    Raises
    ------
    EmptyPredictions
        All rows have one label, so that no skill is defined.
    InvalidArgument
        No such score or level.

    Notes
    -----
    The delta method, with the base rate estimated too. With row losses l_i of mean L, class frequencies f and
    the base rate's loss B, a row's influence on 1 - L/B is -(l_i - L)/B + (L/B²) b_i, where b_i is
    -2 (f_y - Σ f²) for the Brier score and -log f_y - B for the log-loss.

    Examples
    --------
    >>> from calibrant.predictions import Predictions
    >>> rows = Predictions.from_probs([0.9, 0.1, 0.8, 0.4] * 100, [1, 0, 1, 0] * 100)
    >>> found = skill_interval(rows)
    >>> round(found.low, 3), round(found.high, 3)
    (0.756, 0.804)
    """
    if score not in ("brier", "nll"):
        raise InvalidArgument(f"score must be 'brier' or 'nll'; got {score!r}.")
    rows = as_rows(predictions)
    measured = brier_skill(rows) if score == "brier" else nll_skill(rows)
    weight = rows.weight if rows.weight.size else np.ones(rows.n)
    labels = rows.predictions.labels
    counts = np.bincount(labels, weight, minlength=rows.predictions.k)
    frequency = counts / counts.sum()
    losses = rows.summary.brier if score == "brier" else rows.summary.nll
    loss = float(weight @ losses) / float(weight.sum())
    base = loss / (1 - measured.value) if loss > 0 else 1.0
    if score == "brier":
        of_base = -2 * (frequency[labels] - frequency @ frequency)
    else:
        with np.errstate(divide="ignore"):  # a class that only rows of weight 0 have
            surprise = np.where(frequency > 0, -np.log(frequency), 0.0)
        of_base = surprise[labels] - base
    influence = -(losses - loss) / base + loss / base**2 * of_base
    return mean_interval(measured.value + influence, rows.weight, level)
