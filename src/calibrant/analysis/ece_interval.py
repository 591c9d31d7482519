"""An interval for the ECE, given only where the ECE stands clear of its own noise.

The plug-in ECE is biased upwards, so the interval lies around the debiased one. Simulated coverage:
docs/coverage.md.
"""

from __future__ import annotations

import math
from dataclasses import asdict, dataclass
from typing import Any

import numpy as np
from scipy.optimize import brentq
from scipy.special import log_ndtr, ndtr

from calibrant.analysis.calibrated_draws import view_of
from calibrant.analysis.expected import ExpectedIfCalibrated, expected_ece_if_calibrated
from calibrant.analysis.intervals import LEVEL, Interval, quantile
from calibrant.analysis.squared_error import outcome_variance
from calibrant.metrics.bins import BinState, bin_values, equal_width_edges
from calibrant.metrics.convention import DEFAULT_BINS, Notion
from calibrant.metrics.debiased_gaps import debiased_error
from calibrant.metrics.gaps import calibration_error
from calibrant.metrics.rows import Measurable, as_rows

METHOD = "normal debiased l1, given its threshold"
THRESHOLD = 2.0
"""An interval is given where the ECE is at least this many times its expectation under calibration."""


@dataclass(frozen=True, slots=True)
class EceInterval:
    """The plug-in ECE, its expectation under perfect calibration, and an interval or why there is none.

    Attributes
    ----------
    value, debiased : float
        The plug-in ECE, and the one with the bias of chance subtracted, around which the interval lies.
    expected : ExpectedIfCalibrated
        What the plug-in ECE would be under perfect calibration.
    interval : Interval or None
        Of the true ECE of these bins, Σ P(bin) |E[accuracy | bin] - E[confidence | bin]|.
    reason : str or None
        Why there is no interval.
    """

    value: float
    debiased: float
    expected: ExpectedIfCalibrated
    interval: Interval | None
    reason: str | None

    def to_json(self) -> dict[str, Any]:
        """Return the fields as plain values."""
        return asdict(self)


def ece_interval(
    predictions: Measurable,
    *,
    notion: Notion = "top-label",
    class_index: int | None = None,
    bins: int = DEFAULT_BINS,
    level: float = LEVEL,
    expected: ExpectedIfCalibrated | None = None,
    seed: int = 0,
) -> EceInterval:
    """Return the plug-in ECE with an interval, if it is at least twice what calibration would show.

    Parameters
    ----------
    predictions : Predictions
        Rows to measure. A weight of w counts as w rows.
    notion : {"top-label", "one-class"}
        Whose confidence.
    class_index : int, optional
        The class of "one-class".
    bins : int
        Number of equal-width bins.
    level : float
        Nominal coverage.
    expected : ExpectedIfCalibrated, optional
        The expectation, where it is known already; it must be of the same notion and bins.
    seed : int
        Of its simulation, where it is not.

    Notes
    -----
    Around D = Σ w_b (2|d_b| - E|Z_b|), normal with the variance Σ w_b² s_b² + Var_b|d_b| / n. Showing an
    interval only above a threshold selects lucky data; so the lower end is that of a normal variable known
    to lie above the threshold, and the coverage is that of the intervals which are shown.

    Examples
    --------
    >>> from calibrant.predictions import Predictions
    >>> ece_interval(Predictions.from_probs([0.7] * 100, [1] * 70 + [0] * 30)).reason
    'the ECE is 0.0 times what perfect calibration would show on as many rows; below 2 it is mostly noise'
    """
    quantile(level)
    rows = as_rows(predictions)
    values, correct = view_of(rows, notion, class_index)
    if expected is None:
        expected = expected_ece_if_calibrated(
            rows, notion=notion, class_index=class_index, bins=bins, seed=seed
        )
    return interval_of_bins(bin_values(rows, values, correct, equal_width_edges(bins)), expected, level)


def interval_of_bins(state: BinState, expected: ExpectedIfCalibrated, level: float = LEVEL) -> EceInterval:
    """Return what `ece_interval` does, from the bins of one view and what calibration would show in them."""
    value, debiased = float(calibration_error(state, "l1")[0]), debiased_error(state, "l1")
    interval, reason = None, None
    if value == 0 or value < THRESHOLD * expected.mean:
        reason = _too_small(value, expected.mean)
    else:
        spare = value - THRESHOLD * expected.mean
        interval = _interval(debiased, _deviation(state), spare, level)
    return EceInterval(value, debiased, expected, interval, reason)


def _too_small(value: float, expected: float) -> str:
    if value == 0:
        return "the ECE is 0"
    return (
        f"the ECE is {value / expected:.1f} times what perfect calibration would show on as many rows; "
        f"below {THRESHOLD:.0f} it is mostly noise"
    )


def _deviation(state: BinState) -> float:
    used = state.weight[0] > 0
    rows, confidence, accuracy = (each[0][used] for each in (state.weight, state.confidence, state.accuracy))
    share, gaps = rows / rows.sum(), np.abs(accuracy - confidence)
    within = float(share**2 @ (outcome_variance(rows, confidence, accuracy) / rows))
    between = max(float(share @ gaps**2) - float(share @ gaps) ** 2, 0.0) / float(rows.sum())
    return math.sqrt(within + between)


def _interval(centre: float, deviation: float, spare: float, level: float) -> Interval:
    """Return the interval of a normal mean, its estimate known to lie above `centre - spare`."""
    if deviation == 0:
        return Interval(max(centre, 0.0), max(centre, 0.0), level, METHOD)
    outside = 1 - level

    def too_lucky(truth: float) -> float:
        """Above 0 where, of the estimates above the threshold, too few are as large as this one."""
        standing = (truth - centre + spare) / deviation
        shown = float(ndtr(standing))
        below = max(outside / 2 - (1 - shown), 0.0)
        allowed = math.log(outside - below / shown) if below > 0 else math.log(outside)
        return allowed + float(log_ndtr(standing) - log_ndtr((truth - centre) / deviation))

    low = 0.0 if centre <= 0 or too_lucky(0.0) <= 0 else float(brentq(too_lucky, 0.0, centre, xtol=1e-12))
    high = min(max(centre + quantile(level) * deviation, 0.0), 1.0)
    return Interval(low, high, level, METHOD)
