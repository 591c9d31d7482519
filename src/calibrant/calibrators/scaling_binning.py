"""Scaling-binning: fit a scaling function, bin what it says, and let each bin say its mean.

The function, not the labels, gives the bins their values, so they vary far less than those of a histogram.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, ClassVar, Literal, final

from calibrant.calibrators.base import Calibrator
from calibrant.calibrators.binary_problem import Problems
from calibrant.calibrators.binning import equal_mass_bins
from calibrant.calibrators.choices import MODES, Mode, check_amount, check_choice, check_count
from calibrant.calibrators.curves import Curve
from calibrant.calibrators.fitted_curves import FittedCurves, apply_curves, fit_curves
from calibrant.calibrators.parted import PartedCalibrator
from calibrant.calibrators.platt import PlattScaling
from calibrant.calibrators.rounding import rounded_step, without_rounding
from calibrant.calibrators.temperature import TemperatureScaling
from calibrant.errors import NotFitted, UnreadableFile
from calibrant.predictions import Derived, Predictions, Table

Scaling = Literal["temperature", "platt"]
SCALINGS: tuple[Scaling, ...] = ("temperature", "platt")


@final
class ScalingBinning(PartedCalibrator):
    """Calibrate by scaling, then by the mean scaled value of each equal-mass bin.

    Parameters
    ----------
    scaling : {"temperature", "platt"}
        The scaling function.
    mode : {"top-label", "one-vs-rest"}
        What is binned: the confidence in the predicted class, the others sharing the rest in proportion, or
        each class's probability, the rows then normalised. The first keeps every class that the scaling
        predicts.
    bins : int
        Most bins a curve.
    smoothing : float
        Pseudo-rows α ≥ 0 in every bin, which keep a bin of masked classes (all exactly 0) from saying 0.
        In "top-label" mode the other classes' shares are mixed with equal ones by α / (w + α), w being the
        weight of the wrongly predicted rows.

    Attributes
    ----------
    scaler_ : Calibrator
        The fitted scaling function.
    curves_ : FittedCurves
        The bins' upper ends and mean scaled values.

    Notes
    -----
    A bin's value is the mean of g(x) over the fitting rows in it. The error that a bin's labels would add is
    avoided: the sample complexity falls from B/ε² to 1/ε² + B (Kumar, Liang & Ma, NeurIPS 2019, section 4).
    As in the authors' code, one set of rows serves all three steps.

    Examples
    --------
    >>> rows = Predictions.from_logits([-3.0, -1.0, 1.0, 3.0], [0, 1, 0, 1])
    >>> binned = ScalingBinning(mode="one-vs-rest", bins=2, smoothing=0).fit(rows)
    >>> binned.transform(rows).scores[:, 1].round(3).tolist()
    [0.296, 0.296, 0.704, 0.704]
    """

    method: ClassVar[str] = "scaling_binning"
    keeps_argmax: ClassVar[bool] = False
    use_when: ClassVar[str] = "where the calibration error itself must be verified with few rows"

    def __init__(
        self,
        scaling: Scaling = "temperature",
        *,
        mode: Mode = "top-label",
        bins: int = 20,
        smoothing: float = 1.0,
    ) -> None:
        self.scaling = check_choice("scaling", scaling, SCALINGS)
        self.mode = check_choice("mode", mode, MODES)
        self.bins = check_count("bins", bins)
        self.smoothing = check_amount("smoothing", smoothing)
        self.scaler_: Calibrator | None = None
        self.fit_: FittedCurves | None = None

    @property
    def curves_(self) -> FittedCurves:
        """The bins: upper ends and mean scaled values."""
        if self.fit_ is None:
            raise NotFitted("there are no bins yet: call fit(validation) first.")
        return self.fit_

    def parameters(self) -> dict[str, Any]:
        """Return the arguments, the scaling function's parameters and the bins."""
        curves = self.curves_
        assert self.scaler_ is not None
        return {
            "scaling": self.scaling,
            "bins": self.bins,
            "smoothing": self.smoothing,
            "scaler": self.scaler_.parameters(),
            "curves": curves.encode(),
        }

    def describe(self) -> str:
        """Say what scales, and how many bins follow."""
        curves = self.curves_.curves
        assert self.scaler_ is not None
        bins = sum(len(curve.knots) for curve in curves)
        return f"scaling-binning ({self.mode}): {bins} bins after {self.scaler_.describe()}"

    @property
    def free_parameters(self) -> int:
        """Numbers that the fit was free to choose."""
        return sum(len(curve.knots) for curve in self.curves_.curves)

    def _fit_table(self, table: Table) -> float:
        self.scaler_ = _scaler(self.scaling)
        self.scaler_._fit_table(table)
        scaled = table.changed(self.scaler_.transform)
        self.fit_ = fit_curves(scaled, self.mode, self._curves, self.smoothing, change=without_rounding)
        return self._loss_over(table)

    def _curves(self, problems: Derived[Problems], priors: Sequence[float]) -> tuple[Curve, ...]:
        found = equal_mass_bins(problems, [self.bins] * len(priors), method=self.method)
        return tuple(bins.means(prior, self.smoothing) for bins, prior in zip(found, priors, strict=True))

    def _is_fitted(self) -> bool:
        return self.fit_ is not None

    def _transform(self, predictions: Predictions) -> Predictions:
        assert self.scaler_ is not None
        return apply_curves(self.curves_, self.scaler_.transform(predictions), rounded_step)

    def _restore(self, parameters: Mapping[str, Any]) -> None:
        self.scaling = check_choice("scaling", parameters.get("scaling"), SCALINGS)
        self.bins = check_count("bins", parameters.get("bins"))
        self.smoothing = check_amount("smoothing", parameters.get("smoothing"))
        stored = parameters.get("scaler")
        if not isinstance(stored, Mapping):
            raise UnreadableFile("'scaler' must hold the parameters of the scaling function.")
        self.scaler_ = _scaler(self.scaling)
        self.scaler_._restore(stored)
        self.fit_ = FittedCurves.decode(parameters, "curves")
        self.mode = self.fit_.mode


def _scaler(scaling: Scaling) -> Calibrator:
    return TemperatureScaling() if scaling == "temperature" else PlattScaling()
