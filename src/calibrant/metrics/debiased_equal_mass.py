"""Debiased calibration error over equal-mass bins, whose ends are found before rows are counted.

With equal-width bins, which merge, it is `DebiasedCalibrationError`.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import final

import numpy as np

from calibrant.metrics.convention import DEFAULT_BINS, Convention, Notion
from calibrant.metrics.debiased_gaps import (
    DebiasedNorm,
    debiased_error,
    describe_debiased,
    plain_norm,
    uncorrected_bins,
)
from calibrant.metrics.gaps import check_notion
from calibrant.metrics.metric import Measurement
from calibrant.metrics.quantile_metric import EqualMassBins, QuantileMetric
from calibrant.metrics.rows import Rows
from calibrant.metrics.soft_labels import refuse_soft_labels
from calibrant.metrics.views import View, views_of_part


@final
class EqualMassDebiasedCalibrationError(QuantileMetric):
    """The debiased gap over bins (lo, hi] that end at order statistics x_(⌈jn/m⌉), ties never split.

    Parameters as in `DebiasedCalibrationError`; `bins` is an upper bound.
    """

    best = 0.0

    def __init__(
        self,
        name: str = "ece_l2_debiased_equal_mass",
        *,
        norm: DebiasedNorm = "l2",
        notion: Notion = "top-label",
        class_index: int | None = None,
        bins: int = DEFAULT_BINS,
    ) -> None:
        check_notion(notion, class_index)
        self.name = name
        self.norm: DebiasedNorm = norm
        self.notion: Notion = notion
        self.class_index = class_index
        self.bins = bins
        self.threshold = None

    def _views(self, rows: Rows) -> Iterator[View]:
        refuse_soft_labels(rows, "a debiased calibration error")
        return views_of_part(rows, self.notion, self.class_index)

    def _finalise(self, views: Sequence[EqualMassBins], n: int) -> Measurement:
        squared: DebiasedNorm = "l1" if self.norm == "l1" else "l2-squared"
        states = [view.state for view in views if view.state is not None]
        mean = float(np.mean([debiased_error(state, squared) for state in states]))
        convention = Convention(
            definition=describe_debiased(self.norm, self.notion),
            n=n,
            notion=self.notion,
            class_index=self.class_index,
            scheme="equal-mass",
            bins=self.bins,
            edges="(lo, hi] at order statistics, equal edges merged",
            norm=plain_norm(self.norm),
            debiased=True,
            uncorrected_bins=sum(uncorrected_bins(state) for state in states),
        )
        return Measurement(self.name, max(0.0, mean) ** 0.5 if self.norm == "l2" else mean, convention)
