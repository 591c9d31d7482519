"""Debiased calibration error over equal-mass bins; it needs all rows at once.

With equal-width bins, which merge, it is `DebiasedCalibrationError`.
"""

from __future__ import annotations

from typing import final

import numpy as np

from calibrant.metrics.bins import bin_by_edges, equal_mass_edges
from calibrant.metrics.convention import DEFAULT_BINS, Convention, Notion
from calibrant.metrics.debiased_gaps import (
    DebiasedNorm,
    debiased_error,
    describe_debiased,
    plain_norm,
    uncorrected_bins,
)
from calibrant.metrics.gaps import check_notion
from calibrant.metrics.metric import Measurement, WholeMetric
from calibrant.metrics.rows import Rows
from calibrant.metrics.soft_labels import refuse_soft_labels
from calibrant.metrics.views import views


@final
class EqualMassDebiasedCalibrationError(WholeMetric):
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

    def _measure(self, rows: Rows) -> Measurement:
        refuse_soft_labels(rows, "a debiased calibration error")
        definition = describe_debiased(self.norm, self.notion)
        squared: DebiasedNorm = "l1" if self.norm == "l1" else "l2-squared"
        values, uncorrected = [], 0
        for view in views(rows, self.notion, self.class_index, name=self.name):
            edges = equal_mass_edges(view.values, view.weight, self.bins)
            state = bin_by_edges(view.values, view.correct, view.weight, edges)
            values.append(debiased_error(state, squared))
            uncorrected += uncorrected_bins(state)
        mean = float(np.mean(values))
        convention = Convention(
            definition=definition,
            n=rows.n,
            notion=self.notion,
            class_index=self.class_index,
            scheme="equal-mass",
            bins=self.bins,
            edges="(lo, hi] at order statistics, equal edges merged",
            norm=plain_norm(self.norm),
            debiased=True,
            uncorrected_bins=uncorrected,
        )
        return Measurement(self.name, max(0.0, mean) ** 0.5 if self.norm == "l2" else mean, convention)
