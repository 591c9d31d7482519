"""Debiased calibration error over equal-width bins: 0 on average where the bins are calibrated.

The plug-in errors, always above 0 on finite rows, are `ece` and `rmsce`.
"""

from __future__ import annotations

from typing import final

from calibrant.engine import Engine
from calibrant.errors import InvalidArgument
from calibrant.metrics.bins import BinState
from calibrant.metrics.calibration_error import CalibrationError
from calibrant.metrics.convention import DEFAULT_BINS, Convention, Notion, Scheme
from calibrant.metrics.debiased_equal_mass import EqualMassDebiasedCalibrationError
from calibrant.metrics.debiased_gaps import (
    DebiasedNorm,
    debiased_error,
    describe_debiased,
    plain_norm,
    uncorrected_bins,
)
from calibrant.metrics.metric import Measurement, MergeableMetric
from calibrant.metrics.rows import Measurable, Rows
from calibrant.metrics.soft_labels import refuse_soft_labels


@final
class DebiasedCalibrationError(MergeableMetric[BinState]):
    """The debiased gap over equal-width bins (lo, hi], edges exactly j/m; it merges over parts.

    Parameters
    ----------
    name : str
        Name in results.
    norm : {"l1", "l2", "l2-squared"}
        With s_b = acc_b (1 - acc_b): l2-squared is E² = Σ (n_b/n)[(acc_b - conf_b)² - s_b/(n_b - 1)],
        which may be negative, and l2 is sqrt(max(0, E²)): the debiased estimator of Kumar, Liang & Ma,
        Verified Uncertainty Calibration, NeurIPS 2019. l1 is
        Σ (n_b/n)(2|acc_b - conf_b| - E|Z_b|), Z_b normal around acc_b - conf_b with variance s_b/n_b:
        the exact mean of what their library estimates by drawing Z_b at random. It may be negative too.
    notion : {"top-label", "class-wise", "one-class"}
        Class-wise averages the squares (l2) or the values (l1) of the one-against-rest errors.
    class_index : int, optional
        For "one-class".
    bins : int
        Number m of bins. Those of one row (a weight below 1.5) are left uncorrected, and counted in the
        convention; their library takes such a bin's l2 gap to be 0.
    """

    best = 0.0

    def __init__(
        self,
        name: str = "ece_l2_debiased",
        *,
        norm: DebiasedNorm = "l2",
        notion: Notion = "top-label",
        class_index: int | None = None,
        bins: int = DEFAULT_BINS,
    ) -> None:
        self.name = name
        self.norm: DebiasedNorm = norm
        self.plain = CalibrationError(name, notion=notion, class_index=class_index, bins=bins)

    @property
    def empty(self) -> BinState:
        """The state of no rows."""
        return self.plain.empty

    def accumulate(self, rows: Rows) -> BinState:
        """Return the state of these rows; raises `IncompatiblePredictions` for soft labels."""
        refuse_soft_labels(rows, "a debiased calibration error")
        return self.plain.accumulate(rows)

    def _finalise(self, state: BinState) -> Measurement:
        convention = Convention(
            definition=describe_debiased(self.norm, self.plain.notion),
            n=state.n,
            notion=self.plain.notion,
            class_index=self.plain.class_index,
            scheme="equal-width",
            bins=len(self.plain.edges) - 1,
            edges="(lo, hi], first closed at 0, at j/m",
            norm=plain_norm(self.norm),
            debiased=True,
            uncorrected_bins=uncorrected_bins(state),
        )
        return Measurement(self.name, debiased_error(state, self.norm), convention)


def ece_l2_debiased(
    predictions: Measurable,
    *,
    notion: Notion = "top-label",
    class_index: int | None = None,
    scheme: Scheme = "equal-width",
    bins: int = DEFAULT_BINS,
    engine: Engine | None = None,
) -> Measurement:
    """Return sqrt(max(0, E²)), E² = Σ (n_b/n)[(acc_b - conf_b)² - acc_b (1 - acc_b)/(n_b - 1)].

    Parameters as in `ece`. Kumar, Liang & Ma, NeurIPS 2019.

    Examples
    --------
    >>> from calibrant.predictions import Predictions
    >>> rows = Predictions.from_probs([0.5] * 4 + [0.6] * 5, [0, 1, 0, 0, 1, 1, 1, 1, 0])
    >>> round(ece_l2_debiased(rows, notion="one-class", class_index=1, bins=10).value, 6)
    0.0
    """
    return _measure("ece_l2_debiased", "l2", predictions, notion, class_index, scheme, bins, engine)


def ece_l2_squared_debiased(
    predictions: Measurable,
    *,
    notion: Notion = "top-label",
    class_index: int | None = None,
    scheme: Scheme = "equal-width",
    bins: int = DEFAULT_BINS,
    engine: Engine | None = None,
) -> Measurement:
    """Return E² = Σ (n_b/n)[(acc_b - conf_b)² - acc_b (1 - acc_b)/(n_b - 1)], which may be negative.

    Parameters as in `ece`. Kumar, Liang & Ma, NeurIPS 2019.
    """
    return _measure(
        "ece_l2_squared_debiased", "l2-squared", predictions, notion, class_index, scheme, bins, engine
    )


def ece_l1_debiased(
    predictions: Measurable,
    *,
    notion: Notion = "top-label",
    class_index: int | None = None,
    scheme: Scheme = "equal-width",
    bins: int = DEFAULT_BINS,
    engine: Engine | None = None,
) -> Measurement:
    """Return Σ (n_b/n)(2|d_b| - E|Z_b|), Z_b ~ N(d_b, acc_b (1 - acc_b)/n_b), d_b = acc_b - conf_b.

    Parameters as in `ece`. The formula and its source are those of `DebiasedCalibrationError`.
    """
    return _measure("ece_l1_debiased", "l1", predictions, notion, class_index, scheme, bins, engine)


def _measure(
    name: str,
    norm: DebiasedNorm,
    predictions: Measurable,
    notion: Notion,
    class_index: int | None,
    scheme: Scheme,
    bins: int,
    engine: Engine | None,
) -> Measurement:
    if scheme == "equal-mass":
        by_mass = EqualMassDebiasedCalibrationError(
            name, norm=norm, notion=notion, class_index=class_index, bins=bins
        )
        return by_mass(predictions, engine=engine)
    if scheme != "equal-width":
        raise InvalidArgument(f"scheme must be 'equal-width' or 'equal-mass'; got {scheme!r}.")
    by_width = DebiasedCalibrationError(name, norm=norm, notion=notion, class_index=class_index, bins=bins)
    return by_width(predictions, engine=engine)
