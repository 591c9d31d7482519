"""Calibration errors over equal-mass bins: as many rows in each as ties allow.

Edges first, then counts: no state merges, but rows may come in parts that can be read again.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import final

import numpy as np

from calibrant.metrics.convention import DEFAULT_BINS, Convention, Norm, Notion
from calibrant.metrics.gaps import calibration_error, check_notion, describe
from calibrant.metrics.metric import Measurement
from calibrant.metrics.quantile_metric import EqualMassBins, QuantileMetric
from calibrant.metrics.rows import Rows
from calibrant.metrics.views import View, views_of_part


@final
class EqualMassCalibrationError(QuantileMetric):
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
        self.threshold = None

    def _views(self, rows: Rows) -> Iterator[View]:
        return views_of_part(rows, self.notion, self.class_index)

    def _finalise(self, views: Sequence[EqualMassBins], n: int) -> Measurement:
        errors = [calibration_error(view.state, self.norm) for view in views if view.state is not None]
        convention = Convention(
            definition=describe(self.norm, self.notion),
            n=n,
            notion=self.notion,
            class_index=self.class_index,
            scheme="equal-mass",
            bins=self.bins,
            edges="(lo, hi] at order statistics, equal edges merged",
            norm=self.norm,
            debiased=False,
        )
        return Measurement(self.name, float(np.mean(errors)), convention)
