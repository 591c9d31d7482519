"""Expected, maximum and root-mean-square calibration error from equal-width bins.

The bin table is `calibrant.reliability`; this turns it into one number, and merges over parts.
"""

from __future__ import annotations

from typing import final

import numpy as np

from calibrant._typing import Floats
from calibrant.engine import Engine
from calibrant.errors import InvalidArgument
from calibrant.metrics.bins import EMPTY_BINS, BinState, bin_classes, bin_values, equal_width_edges
from calibrant.metrics.convention import DEFAULT_BINS, Convention, Norm, Notion, Scheme
from calibrant.metrics.equal_mass import EqualMassCalibrationError
from calibrant.metrics.gaps import calibration_error, check_notion, describe
from calibrant.metrics.metric import Measurement, MergeableMetric
from calibrant.metrics.one_class import one_class
from calibrant.metrics.rows import Measurable, Rows


@final
class CalibrationError(MergeableMetric[BinState]):
    """The gap between confidence and accuracy over equal-width bins (lo, hi], edges exactly j/m.

    Parameters
    ----------
    name : str
        Name in results.
    norm : {"l1", "l2", "max"}
        ECE = Σ (n_b/n)|acc_b - conf_b|, RMSCE = sqrt(Σ (n_b/n)(acc_b - conf_b)²), MCE = max over
        non-empty bins (Guo et al. 2017, eqs. 3 and 5; Naeini, Cooper & Hauskrecht 2015).
    notion : {"top-label", "class-wise", "one-class"}
        Top-label; mean over classes of the one-against-rest error; or one class's.
    class_index : int, optional
        For "one-class".
    bins : int
        Number m of bins.
    """

    best = 0.0

    def __init__(
        self,
        name: str = "ece",
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
        self.edges: Floats = equal_width_edges(bins)
        self.edges.flags.writeable = False

    @property
    def empty(self) -> BinState:
        """The state of no rows."""
        return EMPTY_BINS

    def accumulate(self, rows: Rows) -> BinState:
        """Return the state of these rows."""
        if self.notion == "class-wise":
            return bin_classes(rows, self.edges)
        if self.class_index is not None:
            values, correct = one_class(rows, self.class_index)
            return bin_values(rows, values, correct, self.edges)
        return bin_values(rows, rows.summary.confidence, rows.summary.correct, self.edges)

    def _finalise(self, state: BinState) -> Measurement:
        bins = len(self.edges) - 1
        convention = Convention(
            definition=describe(self.norm, self.notion),
            n=state.n,
            notion=self.notion,
            class_index=self.class_index,
            scheme="equal-width",
            bins=bins,
            edges="(lo, hi], first closed at 0, at j/m",
            norm=self.norm,
            debiased=False,
        )
        return Measurement(self.name, float(np.mean(calibration_error(state, self.norm))), convention)


def ece(
    predictions: Measurable,
    *,
    notion: Notion = "top-label",
    class_index: int | None = None,
    scheme: Scheme = "equal-width",
    bins: int = DEFAULT_BINS,
    engine: Engine | None = None,
) -> Measurement:
    """Return the expected calibration error Σ (n_b/n)|acc_b - conf_b|, a fraction.

    Parameters
    ----------
    predictions : Predictions
        Rows to measure.
    notion : {"top-label", "class-wise", "one-class"}
        Whose confidence. Class-wise is the mean over classes of the one-against-rest error.
    class_index : int, optional
        The class of "one-class".
    scheme : {"equal-width", "equal-mass"}
        How bins are cut.
    bins : int
        Number of bins; with equal-mass an upper bound, since ties are never split.
    engine : Engine, optional
        What runs the sums.

    Notes
    -----
    Guo et al. 2017, eq. 3. The plug-in estimate is biased upwards: a perfectly calibrated classifier
    has an ECE well above 0 on few rows.

    Examples
    --------
    >>> from calibrant.predictions import Predictions
    >>> rows = Predictions.from_probs([0.95, 1.0], [1, 0])
    >>> round(ece(rows, notion="one-class", class_index=1, bins=10).value, 6)
    0.475
    """
    return _measure("ece", "l1", predictions, notion, class_index, scheme, bins, engine)


def mce(
    predictions: Measurable,
    *,
    notion: Notion = "top-label",
    class_index: int | None = None,
    scheme: Scheme = "equal-width",
    bins: int = DEFAULT_BINS,
    engine: Engine | None = None,
) -> Measurement:
    """Return the maximum calibration error, the largest |acc_b - conf_b| of a non-empty bin.

    Parameters as in `ece`. Guo et al. 2017, eq. 5. A bin with one row can decide it: look at the counts.
    """
    return _measure("mce", "max", predictions, notion, class_index, scheme, bins, engine)


def rmsce(
    predictions: Measurable,
    *,
    notion: Notion = "top-label",
    class_index: int | None = None,
    scheme: Scheme = "equal-width",
    bins: int = DEFAULT_BINS,
    engine: Engine | None = None,
) -> Measurement:
    """Return the root-mean-square calibration error sqrt(Σ (n_b/n)(acc_b - conf_b)²).

    Parameters as in `ece`. Hendrycks, Mazeika & Dietterich, ICLR 2019.
    """
    return _measure("rmsce", "l2", predictions, notion, class_index, scheme, bins, engine)


def _measure(
    name: str,
    norm: Norm,
    predictions: Measurable,
    notion: Notion,
    class_index: int | None,
    scheme: Scheme,
    bins: int,
    engine: Engine | None,
) -> Measurement:
    if scheme == "equal-mass":
        by_mass = EqualMassCalibrationError(
            name, norm=norm, notion=notion, class_index=class_index, bins=bins
        )
        return by_mass(predictions, engine=engine)
    if scheme != "equal-width":
        raise InvalidArgument(f"scheme must be 'equal-width' or 'equal-mass'; got {scheme!r}.")
    by_width = CalibrationError(name, norm=norm, notion=notion, class_index=class_index, bins=bins)
    return by_width(predictions, engine=engine)
