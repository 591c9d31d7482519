"""ECE with as many equal-mass bins as leave the accuracies rising with the confidence: no number to choose.

The search for that number is exact; ties are never split, so row order does not matter.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import final

import numpy as np

from calibrant._typing import Floats
from calibrant.engine import Engine
from calibrant.kernels.monotone_bins import last_monotone_count
from calibrant.metrics.binary_view import Tally
from calibrant.metrics.bins import BinState
from calibrant.metrics.convention import Convention, Norm, Notion
from calibrant.metrics.gaps import calibration_error, check_notion, describe
from calibrant.metrics.metric import Measurement
from calibrant.metrics.rows import Measurable
from calibrant.metrics.tally_metric import TallyMetric

_ROUNDING = 1e-12


@final
class MonotoneSweepError(TallyMetric):
    """The gap over b equal-mass bins, b the last of 1, 2, 3, … before accuracies first fall somewhere.

    Parameters
    ----------
    name : str
        Name in results.
    norm : {"l1", "l2", "max"}
        As in `CalibrationError`.
    notion : {"top-label", "class-wise", "one-class"}
        Class-wise is the mean over classes, each with a b of its own.
    class_index : int, optional
        For "one-class".

    Notes
    -----
    ECE_sweep of Roelofs, Cain, Shlens & Mozer, AISTATS 2022. Their bins may split ties; here
    bins (lo, hi] end at the order statistics x_(⌈jn/b⌉) and the convention counts those that are left.
    Weights are frequencies: b is at most their sum. Accuracies are compared as fractions of whole numbers,
    without rounding, unless weights or soft labels are fractional; then within a relative 1e-12.
    """

    best = 0.0

    def __init__(
        self,
        name: str = "ece_sweep",
        *,
        norm: Norm = "l1",
        notion: Notion = "top-label",
        class_index: int | None = None,
    ) -> None:
        check_notion(notion, class_index)
        self.name = name
        self.norm: Norm = norm
        self.notion: Notion = notion
        self.class_index = class_index

    def _finalise(self, tallies: Sequence[Tally], n: int) -> Measurement:
        states = [_swept(tally) for tally in tallies]
        convention = Convention(
            definition=describe(self.norm, self.notion) + ", as many bins as leave the accuracies monotone",
            n=n,
            notion=self.notion,
            class_index=self.class_index,
            scheme="equal-mass",
            bins=None if self.notion == "class-wise" else states[0].sums.shape[1],
            edges="(lo, hi] at order statistics, equal edges merged",
            norm=self.norm,
            debiased=False,
        )
        errors = [calibration_error(state, self.norm) for state in states]
        return Measurement(self.name, float(np.mean(errors)), convention)


def ece_sweep(
    predictions: Measurable,
    *,
    notion: Notion = "top-label",
    class_index: int | None = None,
    norm: Norm = "l1",
    engine: Engine | None = None,
) -> Measurement:
    """Return the calibration error over the largest monotone number of equal-mass bins.

    Parameters as in `MonotoneSweepError`. Roelofs et al., AISTATS 2022.

    Examples
    --------
    >>> from calibrant.predictions import Predictions
    >>> rows = Predictions.from_probs([0.1, 0.4, 0.6, 0.9], [0, 1, 0, 1])
    >>> swept = ece_sweep(rows, notion="one-class", class_index=1)
    >>> swept.convention.bins, round(swept.value, 6)
    (2, 0.25)
    """
    metric = MonotoneSweepError(norm=norm, notion=notion, class_index=class_index)
    return metric(predictions, engine=engine)


def _swept(tally: Tally) -> BinState:
    """Return the bins of the last monotone number."""
    weight, events = _cumulative(tally.weight), _cumulative(tally.events)
    confidence = _cumulative(tally.weight * tally.values)
    total = weight[-1]
    whole = all((sums == np.floor(sums)).all() for sums in (tally.weight, tally.events))
    tolerance = 0.0 if whole else _ROUNDING
    no_event = np.flatnonzero(events <= tolerance * total)
    all_events = np.flatnonzero((total - weight) - (events[-1] - events) <= tolerance * total)
    # From total / (least weight) bins on, every distinct value has a bin of its own.
    most = min(np.floor(total * (1 + tolerance)), np.ceil(total / tally.weight.min()))
    bins = last_monotone_count(
        weight, events, int(no_event[-1]), int(all_events[0]), max(1, int(most)), tolerance
    )
    wanted = np.arange(1, bins + 1) * total * (1.0 - tolerance)
    ends = np.concatenate(([0], np.unique(np.searchsorted(weight * bins, wanted, side="left"))))
    sums = [np.diff(each[ends]) for each in (weight, weight, confidence, events)]
    return BinState(int(total), np.stack(sums, axis=1)[None])


def _cumulative(values: Floats) -> Floats:
    return np.concatenate(([0.0], np.cumsum(values)))
