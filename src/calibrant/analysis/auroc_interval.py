"""The interval of an area under the receiver operating characteristic."""

from __future__ import annotations

import math

import numpy as np
from scipy.special import expit, logit

from calibrant.analysis.intervals import LEVEL, Interval, quantile
from calibrant.metrics.auroc import auroc
from calibrant.metrics.binary_view import binary_view
from calibrant.metrics.convention import Notion
from calibrant.metrics.rows import Measurable, as_rows


def auroc_interval(
    predictions: Measurable,
    *,
    notion: Notion = "top-label",
    class_index: int | None = None,
    level: float = LEVEL,
) -> Interval | None:
    """Return DeLong's interval of `auroc`, on the scale of its log-odds; None where no formula holds.

    Parameters
    ----------
    predictions : Predictions
        Rows to measure. A weight of w counts as w rows.
    notion : {"top-label", "one-class"}
        "top-label": confidence as a score for being right. "one-class": a class against the rest.
    class_index : int, optional
        The class of "one-class"; with two classes, class 1 by default.
    level : float
        Nominal coverage.

    Returns
    -------
    Interval or None
        None where the area is 0 or 1, or where fewer than two rows are events, or fewer than two are not.

    Raises
    ------
    EmptyPredictions
        All rows came true, or none did.
    InvalidArgument
        No such notion, or no class named where one is needed.

    Notes
    -----
    The area A has the variance S₁/m + S₀/n, S₁ the sample variance over the m events of the share of
    non-events that each outranks, ties half, S₀ that over the n non-events (DeLong, DeLong & Clarke-Pearson,
    Biometrics 44, 1988). The interval is normal for log A/(1 - A), so that it stays between 0 and 1.

    Examples
    --------
    >>> from calibrant.predictions import Predictions
    >>> rows = Predictions.from_probs([0.9, 0.8, 0.7, 0.6] * 25, ([1] * 5 + [0] * 3) * 12 + [1, 0, 1, 1])
    >>> found = auroc_interval(rows)
    >>> round(found.low, 3), round(found.high, 3)
    (0.582, 0.777)
    """
    z = quantile(level)
    rows = as_rows(predictions)
    area = auroc(rows, notion=notion, class_index=class_index).value
    counted = binary_view(rows, notion=notion, class_index=class_index).tally
    events, others = counted.events, counted.weight - counted.events
    m, n = float(events.sum()), float(others.sum())
    if not 0 < area < 1 or m <= 1 or n <= 1:
        return None
    outranked = (np.cumsum(others) - others / 2) / n
    outranking = 1 - (np.cumsum(events) - events / 2) / m
    variance = (
        events @ (outranked - area) ** 2 / (m - 1) / m + others @ (outranking - area) ** 2 / (n - 1) / n
    )
    half = z * math.sqrt(float(variance)) / (area * (1 - area))
    return Interval(
        float(expit(logit(area) - half)), float(expit(logit(area) + half)), level, "delong, log-odds"
    )
