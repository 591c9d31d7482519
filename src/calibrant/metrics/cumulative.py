"""Calibration without bins: how far the cumulative difference of outcomes and probabilities strays.

Its largest distance from 0 is the Kolmogorov-Smirnov form, its range Kuiper's. `cumulative_test` tests them.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal, final

import numpy as np

from calibrant.engine import Engine
from calibrant.errors import InvalidArgument
from calibrant.metrics.binary_view import Tally
from calibrant.metrics.convention import Convention, Notion
from calibrant.metrics.gaps import check_notion
from calibrant.metrics.metric import Measurement
from calibrant.metrics.rows import Measurable
from calibrant.metrics.tally_metric import TallyMetric

Form = Literal["maximum", "range"]

DEFINITIONS = {
    "maximum": "largest |sum over rows up to a score of (correct - confidence)| / n",
    "range": "largest minus smallest sum over rows up to a score of (correct - confidence), / n",
}


@dataclass(frozen=True, slots=True)
class Walk:
    """Where the cumulative differences went.

    Attributes
    ----------
    lowest, highest : float
        Their extremes, at most and at least 0.
    deviation : float
        Standard deviation of the last one under perfect calibration.
    """

    lowest: float
    highest: float
    deviation: float

    def distance(self, form: Form) -> float:
        """Return the largest distance from 0, or the range."""
        return self.highest - self.lowest if form == "range" else max(self.highest, -self.lowest)


@final
class CumulativeError(TallyMetric):
    """How far C_j = Σ_{i ≤ j} (correct_i - confidence_i)/n strays, rows in ascending confidence.

    Parameters
    ----------
    name : str
        Name in results.
    form : {"maximum", "range"}
        max |C_j|: the KS error of Gupta, Rahimi, Ajanthan, Mensink, Sminchisescu & Hartley, ICLR 2021,
        and ECCE-MAD of Arrieta-Ibarra, Gujral, Tannen, Tygert & Xu, JMLR 2022; or max C_j - min C_j
        (C_0 = 0 among them), Kuiper's form: their ECCE-R.
    notion : {"top-label", "class-wise", "one-class"}
        Class-wise is the mean over classes of the one-against-rest error.
    class_index : int, optional
        For "one-class".

    Notes
    -----
    Rows of equal confidence are added together, so that their order does not matter.
    """

    best = 0.0

    def __init__(
        self,
        name: str = "ks_error",
        *,
        form: Form = "maximum",
        notion: Notion = "top-label",
        class_index: int | None = None,
    ) -> None:
        check_notion(notion, class_index)
        if form not in DEFINITIONS:
            raise InvalidArgument(f"form must be 'maximum' or 'range'; got {form!r}.")
        self.name = name
        self.form: Form = form
        self.notion: Notion = notion
        self.class_index = class_index

    def _finalise(self, tallies: Sequence[Tally], n: int) -> Measurement:
        walks = [walk_of(tally) for tally in tallies]
        mean = ", mean over classes" if self.notion == "class-wise" else ""
        convention = Convention(
            definition=DEFINITIONS[self.form] + mean,
            n=n,
            notion=self.notion,
            class_index=self.class_index,
        )
        value = float(np.mean([walk.distance(self.form) for walk in walks]))
        return Measurement(self.name, value, convention)


def ks_error(
    predictions: Measurable,
    *,
    notion: Notion = "top-label",
    class_index: int | None = None,
    engine: Engine | None = None,
) -> Measurement:
    """Return the Kolmogorov-Smirnov calibration error max |C_j|, a fraction (Gupta et al. 2021).

    Parameters as in `CumulativeError`.

    Examples
    --------
    >>> from calibrant.predictions import Predictions
    >>> rows = Predictions.from_probs([0.1, 0.4, 0.6, 0.9], [0, 1, 0, 1])
    >>> round(ks_error(rows, notion="one-class", class_index=1).value, 6)
    0.125
    """
    return CumulativeError("ks_error", notion=notion, class_index=class_index)(predictions, engine=engine)


def kuiper_error(
    predictions: Measurable,
    *,
    notion: Notion = "top-label",
    class_index: int | None = None,
    engine: Engine | None = None,
) -> Measurement:
    """Return Kuiper's form, max C_j - min C_j, a fraction: ECCE-R of Arrieta-Ibarra et al. 2022.

    Parameters as in `CumulativeError`. Unlike `ks_error` it does not depend on the end at which the sums
    begin: it is the largest |Σ (correct - confidence)|/n over any interval of scores.
    """
    metric = CumulativeError("kuiper_error", form="range", notion=notion, class_index=class_index)
    return metric(predictions, engine=engine)


def walk_of(tally: Tally) -> Walk:
    """Add up the differences at ascending probabilities, tied rows together."""
    total = tally.weight.sum()
    path = np.cumsum(tally.events - tally.weight * tally.values) / total
    variance = float(tally.weight @ (tally.values * (1 - tally.values)))
    return Walk(min(0.0, float(path.min())), max(0.0, float(path.max())), float(np.sqrt(variance) / total))
