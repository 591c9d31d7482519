"""Ensemble temperature scaling: a mixture of the scaled, the plain and the uniform prediction.

It bends the confidence where one temperature cannot, and never changes a predicted class.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, ClassVar, final

import numpy as np
from scipy.special import softmax

from calibrant._typing import Floats
from calibrant.calibrators import document
from calibrant.calibrators.ensemble_fit import EnsembleFit, fit_ensemble
from calibrant.calibrators.summed import SummedCalibrator
from calibrant.errors import NotFitted, UnreadableFile
from calibrant.kernels.mixture import MEMBERS
from calibrant.predictions import Predictions, Table
from calibrant.printable import shown

_SUM_TOLERANCE = 1e-9


@final
class EnsembleTemperatureScaling(SummedCalibrator):
    """Calibrate with w₁ softmax(z / T) + w₂ softmax(z) + w₃ / k, weights ≥ 0 that sum to 1.

    Attributes
    ----------
    temperature_ : float
        T, which divides the logits of the first member.
    weights_ : float64 array, (3,)
        w₁, w₂, w₃.
    at_bound_ : bool
        Whether T stopped at the end of its range, a sixteenth or 16 times temperature scaling's.

    Notes
    -----
    Zhang, Kailkhura & Han, ICML 2020, section 3.2 (ETS), by log-loss. For each T the loss is convex in the
    weights, and their sum may be set free by adding it to the mean loss; a projected Newton method finds
    them. T is the best of 17 around the temperature-scaling solution, then a root of the derivative at the
    best weights. A ridge of 1e-6 |w - (1, 0, 0)|² / 2 beside the summed loss decides between members that
    agree. Temperature scaling and the identity are contained. A class masked by a logit of -inf keeps
    probability 0: the uniform member spares it. Rows in parts are read about two hundred times.

    Examples
    --------
    >>> rows = Predictions.from_logits([[4.0, 0.0], [4.0, 0.0], [0.0, 4.0], [1.0, 0.0]], [0, 0, 1, 1])
    >>> EnsembleTemperatureScaling().fit(rows).weights_.shape
    (3,)
    """

    method: ClassVar[str] = "ensemble_temperature"
    keeps_argmax: ClassVar[bool] = True
    use_when: ClassVar[str] = "where one temperature is almost enough and rows are few"

    def __init__(self) -> None:
        self.fit_: EnsembleFit | None = None

    @property
    def temperature_(self) -> float:
        """Temperature of the first member."""
        return self._fitted().temperature

    @property
    def weights_(self) -> Floats:
        """Weights of the scaled, the plain and the uniform prediction."""
        return self._fitted().weights

    @property
    def at_bound_(self) -> bool:
        """Whether T stopped at the end of its range."""
        return self._fitted().at_bound

    def parameters(self) -> dict[str, Any]:
        """Return T and the weights."""
        fit = self._fitted()
        return {
            "temperature": fit.temperature,
            "weights": document.encode_array(fit.weights),
            "at_bound": fit.at_bound,
        }

    def describe(self) -> str:
        """Say T and the weights."""
        fit = self._fitted()
        scaled, plain, uniform = fit.weights
        stopped = "; T stopped at the end of its range" if fit.at_bound else ""
        return (
            f"ensemble temperature scaling: {scaled:.3f} at T = {fit.temperature:.4f}, {plain:.3f} as it is, "
            f"{uniform:.3f} uniform{stopped}"
        )

    def _fitted(self) -> EnsembleFit:
        if self.fit_ is None:
            raise NotFitted("this ensemble_temperature calibrator is not fitted: call fit(validation) first.")
        return self.fit_

    @property
    def free_parameters(self) -> int:
        """Numbers that the fit was free to choose."""
        return 3

    def _fit_table(self, table: Table) -> float:
        self.fit_, loss = fit_ensemble(table)
        return loss

    def _is_fitted(self) -> bool:
        return self.fit_ is not None

    def _transform(self, predictions: Predictions) -> Predictions:
        scaled, plain, uniform = self.weights_
        logits = predictions.logits().astype(np.float64)
        probs = scaled * softmax(logits / self.temperature_, axis=1)
        probs += plain * softmax(logits, axis=1)
        possible = logits > -np.inf
        probs += uniform * possible / possible.sum(axis=1, keepdims=True)
        _keep_top(probs, predictions.scores.argmax(axis=1))
        return predictions.with_scores(probs, "probs")

    def _restore(self, parameters: Mapping[str, Any]) -> None:
        temperature = document.number(parameters, "temperature", above=0.0)
        assert temperature is not None
        weights = document.decode_array(parameters, "weights", shape=(MEMBERS,))
        at_bound = parameters.get("at_bound")
        if (weights < 0).any() or abs(weights.sum() - 1) > _SUM_TOLERANCE:
            raise UnreadableFile("'weights' must be at least 0 and sum to 1.")
        if not isinstance(at_bound, bool):
            raise UnreadableFile(f"'at_bound' must be true or false; got {shown(repr(at_bound))}.")
        self.fit_ = EnsembleFit(temperature, weights, at_bound)


def _keep_top(probs: Floats, top: Floats) -> None:
    """Undo what rounding did to the order: put the greatest of every row at `top` again, by one unit."""
    after = probs.argmax(axis=1)
    moved = np.flatnonzero(after != top)
    probs[moved, top[moved]] = np.nextafter(probs[moved, after[moved]], np.inf)
