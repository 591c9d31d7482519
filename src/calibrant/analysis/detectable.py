"""The smallest calibration error that a test on as many rows would probably notice.

It needs only the confidences. Whether these rows have an error is `calibration_test`.
"""

from __future__ import annotations

import math
from dataclasses import asdict, dataclass
from typing import Any

import numpy as np
from scipy.optimize import brentq

from calibrant._typing import Floats
from calibrant.analysis.calibrated_draws import view_of
from calibrant.analysis.squared_error import SquaredError, from_gaps
from calibrant.errors import InvalidArgument
from calibrant.metrics.bins import BinState, bin_values, equal_width_edges
from calibrant.metrics.convention import DEFAULT_BINS, Notion
from calibrant.metrics.rows import Measurable, as_rows

_ONE_ROW = 1.5


@dataclass(frozen=True, slots=True)
class DetectableError:
    """What a test of calibration can find.

    Attributes
    ----------
    error : float or None
        The smallest L2 error, a fraction, that is found with the given power; None where none is.
    power, alpha : float
        Probability of finding it, and of a false alarm.
    rows : float
        Rows (weight) of the test.
    """

    error: float | None
    power: float
    alpha: float
    rows: float

    def to_json(self) -> dict[str, Any]:
        """Return the fields as plain values."""
        return asdict(self)


def minimum_detectable_error(
    predictions: Measurable,
    *,
    notion: Notion = "top-label",
    class_index: int | None = None,
    bins: int = DEFAULT_BINS,
    power: float = 0.8,
    alpha: float = 0.05,
    rows: float | None = None,
) -> DetectableError:
    """Return the smallest constant overconfidence that the debiased L2 test would find.

    Parameters
    ----------
    predictions : Predictions
        Whose confidences are taken; the labels play no part.
    notion : {"top-label", "one-class"}
        Whose confidence.
    class_index : int, optional
        The class of "one-class".
    bins : int
        Number of equal-width bins.
    power, alpha : float
        Probability of finding the error, and level of the test.
    rows : float, optional
        Rows of the test, with confidences distributed like these; by default as many as these.

    Notes
    -----
    The alternative: the accuracy of every bin is its confidence minus the same amount, as far as it can
    be. The test's law has Pearson's three moments, under both hypotheses. Errors of the same size in few
    rows, or with changing sign inside bins, are harder to find.

    Examples
    --------
    >>> from calibrant.predictions import Predictions
    >>> generator = np.random.default_rng(0)
    >>> predictions = Predictions.from_probs(generator.uniform(0.5, 1, 2000), np.ones(2000, np.int64))
    >>> round(minimum_detectable_error(predictions).error, 2)
    0.04
    """
    given = as_rows(predictions)
    values, correct = view_of(given, notion, class_index)
    state = bin_values(given, values, correct, equal_width_edges(bins))
    return detectable_of_bins(state, power=power, alpha=alpha, rows=rows)


def detectable_of_bins(
    state: BinState, *, power: float = 0.8, alpha: float = 0.05, rows: float | None = None
) -> DetectableError:
    """Return the same for bins, (1, m, 4), that are summed already."""
    for name, value in (("power", power), ("alpha", alpha)):
        if not 0 < value < 1:
            raise InvalidArgument(f"{name} must lie between 0 and 1; got {value!r}.")
    weight = state.weight[0]
    total = float(weight.sum()) if rows is None else float(rows)
    if not total > 0:
        raise InvalidArgument(f"rows must be above 0; got {rows!r}.")
    used = weight * (total / weight.sum()) >= _ONE_ROW
    if not used.any():
        raise InvalidArgument("no bin has two rows, so nothing can be tested. Use fewer bins.")
    share, confidence = weight[used] / weight[used].sum(), state.confidence[0][used]
    threshold = _under(confidence, share, total, 0.0).moments(0.0).value_at(1 - alpha)

    def missed(gap: float) -> float:
        model = _under(confidence, share, total, gap)
        return model.moments(model.estimate).probability_below(threshold) - (1 - power)

    if missed(0.0) <= 0:
        return DetectableError(0.0, power, alpha, total)
    if missed(1.0) > 0:
        return DetectableError(None, power, alpha, total)
    gap = float(brentq(missed, 0.0, 1.0, xtol=1e-12))
    error = math.sqrt(_under(confidence, share, total, gap).estimate)
    return DetectableError(error, power, alpha, total)


def _under(confidence: Floats, share: Floats, rows: float, gap: float) -> SquaredError:
    """Return the law of the test if every bin is less accurate by this gap than it is confident."""
    accuracy = np.maximum(confidence - gap, 0.0)
    gaps = confidence - accuracy
    in_bin = np.maximum(share * rows, _ONE_ROW)
    noise = accuracy * (1 - accuracy) / rows * np.sqrt(in_bin / (in_bin - 1))
    return from_gaps(share, gaps, noise, rows, float(share @ gaps**2))
