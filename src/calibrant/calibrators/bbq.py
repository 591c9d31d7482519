"""Bayesian binning into quantiles (BBQ): histogram binning averaged over the number of bins.

Each number of bins counts as much as the labels make it probable, so none has to be chosen.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, ClassVar, final

import numpy as np

from calibrant.calibrators.choices import check_amount
from calibrant.calibrators.curves import Curve, merged_steps, step
from calibrant.calibrators.fitted_curves import FittedCurves, apply_curves, fit_curves, pooled_curves
from calibrant.calibrators.parted import PartedCalibrator
from calibrant.calibrators.smoothing import inside
from calibrant.calibrators.tally import ScoreTally
from calibrant.errors import InvalidArgument, NotFitted
from calibrant.kernels.quantile_bins import averaged_histograms
from calibrant.predictions import Predictions, Table
from calibrant.predictions.checks import check_countable
from calibrant.printable import shown

_ROUNDING = 1e-12
"""Some C libraries round the cube root of a cube up: 27 has the same bins on every machine."""


@final
class BayesianBinning(PartedCalibrator):
    """Calibrate with the average of equal-mass histograms, weighted by their probability given the labels.

    Parameters
    ----------
    spread : float
        C ≥ 1: every number of bins from ∛n / C to C ∛n is tried, n being the weight of the fitting rows.
    smoothing : float
        Pseudo-rows α ≥ 0 in every bin, split as the classes are, besides those of the Bayesian prior, which
        are too few to keep the log-loss low: N'/B rows a bin, centred on the bin.

    Attributes
    ----------
    curves_ : FittedCurves
        The averaged steps.

    Notes
    -----
    With B equal-mass bins, N_b rows and m_b positive ones in bin b, whose centre is p_b, N' = 2,
    α_b = N' p_b / B and β_b = N' (1 - p_b) / B, the score of a histogram is

        Π_b Γ(N'/B) / Γ(N_b + N'/B) · Γ(m_b + α_b) / Γ(α_b) · Γ(N_b - m_b + β_b) / Γ(β_b)

    and its value in a bin (m_b + α_b) / (N_b + N'/B) (Naeini, Cooper & Hauskrecht, AAAI 2015). Scores are
    summed as logarithms; histograms below e⁻³⁷ of the best are dropped. Two classes: the probability of class
    1; more: every class against the rest, the rows then normalised. Rows in parts: as `IsotonicCalibration`.

    Examples
    --------
    >>> rows = Predictions.from_probs([0.1, 0.2, 0.7, 0.9], [0, 0, 1, 1])
    >>> BayesianBinning().fit(rows).transform(rows).scores[:, 1].round(2).tolist()
    [0.18, 0.18, 0.71, 0.77]
    """

    method: ClassVar[str] = "bbq"
    keeps_argmax: ClassVar[bool] = False
    use_when: ClassVar[str] = "as histogram binning, where the number of bins should not matter"

    def __init__(self, spread: float = 10.0, *, smoothing: float = 1.0) -> None:
        self.spread = _check_spread(spread)
        self.smoothing = check_amount("smoothing", smoothing)
        self.fit_: FittedCurves | None = None

    @property
    def curves_(self) -> FittedCurves:
        """The averaged histograms of each class."""
        if self.fit_ is None:
            raise NotFitted("there are no bins yet: call fit(validation) first.")
        return self.fit_

    def parameters(self) -> dict[str, Any]:
        """Return the arguments and the averaged histograms."""
        return {"spread": self.spread, "smoothing": self.smoothing, "curves": self.curves_.encode()}

    def describe(self) -> str:
        """Say how many steps the averages have."""
        sizes = [len(curve.knots) for curve in self.curves_.curves]
        return f"Bayesian binning into quantiles: {sum(sizes)} steps on {len(sizes)} curve(s)"

    @property
    def free_parameters(self) -> int:
        """Numbers that the fit was free to choose."""
        return sum(len(curve.knots) for curve in self.curves_.curves)

    def _fit_table(self, table: Table) -> float:
        learn = pooled_curves(self._curve, method=self.method)
        self.fit_ = fit_curves(table, "one-vs-rest", learn, self.smoothing)
        return self._loss_over(table)

    def _curve(self, tally: ScoreTally, prior: float) -> Curve:
        rows = float(tally.weight.sum())
        check_countable(max(rows, 1.0))  # whose root is a number of bins
        root = float(np.cbrt(rows))
        fewest = max(1, int(np.ceil(root / self.spread * (1 - _ROUNDING))))
        most = max(1, int(root * self.spread * (1 + _ROUNDING)))
        counts = np.arange(fewest, most + 1)
        average = averaged_histograms(
            tally.scores, tally.weight, tally.positives, counts, prior, self.smoothing
        )
        return merged_steps(Curve(tally.scores, inside(np.clip(average, 0.0, 1.0), self.smoothing)))

    def _is_fitted(self) -> bool:
        return self.fit_ is not None

    def _transform(self, predictions: Predictions) -> Predictions:
        return apply_curves(self.curves_, predictions, step)

    def _restore(self, parameters: Mapping[str, Any]) -> None:
        self.spread = _check_spread(parameters.get("spread"))
        self.smoothing = check_amount("smoothing", parameters.get("smoothing"))
        self.fit_ = FittedCurves.decode(parameters, "curves")


def _check_spread(spread: Any) -> float:
    if check_amount("spread", spread) < 1:
        raise InvalidArgument(f"spread must be at least 1; got {shown(repr(spread))}.")
    return float(spread)
