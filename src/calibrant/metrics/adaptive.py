"""Adaptive and thresholded adaptive calibration error: every class, over bins of equal mass of its own.

Other tools give these two names to several definitions; the stamped convention says which this is.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import final

import numpy as np

from calibrant.engine import Engine
from calibrant.errors import InvalidArgument
from calibrant.metrics.bins import equal_width_edges
from calibrant.metrics.convention import DEFAULT_BINS, Convention
from calibrant.metrics.gaps import calibration_error, describe
from calibrant.metrics.metric import Measurement
from calibrant.metrics.quantile_metric import EqualMassBins, QuantileMetric
from calibrant.metrics.rows import Measurable, Rows
from calibrant.metrics.views import View, views_of_part

DEFAULT_THRESHOLD = 0.01


@final
class AdaptiveCalibrationError(QuantileMetric):
    """Mean over classes of Σ_b (n_b/n)|acc_b - conf_b| over equal-mass bins cut for each class.

    Parameters
    ----------
    name : str
        Name in results.
    threshold : float, optional
        Bin only the probabilities above it. The bins are still divided by all n rows, so that what
        lies at or below the threshold counts as having no gap.
    bins : int
        Number m of bins a class, an upper bound, because ties are never split.

    Notes
    -----
    Nixon, Dusenberry, Zhang, Jerfel & Tran, CVPR Workshops 2019. They average the gaps of bins that hold
    equally many rows; where ties make bins unequal, rows are what is averaged here.
    """

    best = 0.0

    def __init__(
        self, name: str = "ace", *, threshold: float | None = None, bins: int = DEFAULT_BINS
    ) -> None:
        if threshold is not None and not 0 <= threshold < 1:
            raise InvalidArgument(f"threshold must lie in 0 to below 1; got {threshold!r}.")
        equal_width_edges(bins)
        self.name = name
        self.threshold = threshold
        self.bins = bins

    def _views(self, rows: Rows) -> Iterator[View]:
        return views_of_part(rows, "class-wise")

    def _finalise(self, views: Sequence[EqualMassBins], n: int) -> Measurement:
        value = float(np.mean([_error_of(view) for view in views]))
        above = "" if self.threshold is None else ", probabilities above the threshold, divided by all rows"
        convention = Convention(
            definition=describe("l1", "class-wise") + above,
            n=n,
            notion="class-wise",
            scheme="equal-mass",
            bins=self.bins,
            edges="(lo, hi] at order statistics, equal edges merged",
            norm="l1",
            debiased=False,
            threshold=self.threshold,
        )
        return Measurement(self.name, value, convention)


def ace(predictions: Measurable, *, bins: int = DEFAULT_BINS, engine: Engine | None = None) -> Measurement:
    """Return the adaptive calibration error: class-wise, equal-mass bins for each class.

    Parameters
    ----------
    predictions : Predictions
        Rows to measure.
    bins : int
        Number of bins a class, at most.
    engine : Engine, optional
        What runs the sums.

    Notes
    -----
    Nixon et al. 2019; the same number as `classwise_ece_equal_mass`.

    Examples
    --------
    >>> from calibrant.predictions import Predictions
    >>> rows = Predictions.from_probs([0.2, 0.4, 0.6, 0.8], [0, 1, 0, 1])
    >>> round(ace(rows, bins=2).value, 6)
    0.2
    """
    return AdaptiveCalibrationError("ace", bins=bins)(predictions, engine=engine)


def tace(
    predictions: Measurable,
    *,
    threshold: float = DEFAULT_THRESHOLD,
    bins: int = DEFAULT_BINS,
    engine: Engine | None = None,
) -> Measurement:
    """Return the thresholded adaptive calibration error: `ace` over probabilities above a threshold.

    Parameters
    ----------
    predictions : Predictions
        Rows to measure.
    threshold : float
        Bin only the probabilities above it; the sums are divided by all rows.
    bins : int
        Number of bins a class, at most.
    engine : Engine, optional
        What runs the sums.

    Notes
    -----
    Nixon et al. 2019.
    """
    return AdaptiveCalibrationError("tace", threshold=threshold, bins=bins)(predictions, engine=engine)


def _error_of(view: EqualMassBins) -> float:
    """Return the error of one class, divided by all rows."""
    return 0.0 if view.state is None else float(calibration_error(view.state, "l1")[0]) * view.share
