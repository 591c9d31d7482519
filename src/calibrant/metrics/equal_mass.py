"""Calibration errors over equal-mass bins: as many rows in each as ties allow.

Two passes, edges and counts, so the metric needs all rows at once and does not merge.
"""

from __future__ import annotations

from typing import final

import numpy as np

from calibrant.metrics.bins import bin_by_edges, equal_mass_edges
from calibrant.metrics.convention import DEFAULT_BINS, Convention, Norm, Notion
from calibrant.metrics.gaps import calibration_error, check_notion, describe
from calibrant.metrics.metric import Measurement, WholeMetric
from calibrant.metrics.rows import Rows
from calibrant.metrics.views import views


@final
class EqualMassCalibrationError(WholeMetric):
    """The gap between confidence and accuracy over bins (lo, hi] that end at order statistics x_(⌈jn/m⌉).

    Parameters as in `CalibrationError`; `bins` is an upper bound, because equal edges are merged.
    """

    best = 0.0

    def __init__(
        self,
        name: str = "ece_equal_mass",
        *,
        norm: Norm = "l1",
        notion: Notion = "top-label",
        class_index: int | None = None,
        bins: int = DEFAULT_BINS,
    ) -> None:
        check_notion(notion, class_index)
        self.name = name
        self.norm: Norm = norm
        self.notion: Notion = notion
        self.class_index = class_index
        self.bins = bins

    def _measure(self, rows: Rows) -> Measurement:
        errors = [
            calibration_error(
                bin_by_edges(
                    view.values,
                    view.correct,
                    view.weight,
                    equal_mass_edges(view.values, view.weight, self.bins),
                ),
                self.norm,
            )
            for view in views(rows, self.notion, self.class_index, name=self.name)
        ]
        convention = Convention(
            definition=describe(self.norm, self.notion),
            n=rows.n,
            notion=self.notion,
            class_index=self.class_index,
            scheme="equal-mass",
            bins=self.bins,
            edges="(lo, hi] at order statistics, equal edges merged",
            norm=self.norm,
            debiased=False,
        )
        return Measurement(self.name, float(np.mean(errors)), convention)
