"""Ensemble temperature scaling: a mixture of the scaled, the plain and the uniform prediction.

It bends the confidence where one temperature cannot, and never changes a predicted class.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, ClassVar, final

import numpy as np
from scipy.optimize import brentq
from scipy.special import softmax

from calibrant._typing import Floats
from calibrant.calibrators import document
from calibrant.calibrators.anchor import RIDGE, Anchor, anchor_of
from calibrant.calibrators.base import Calibrator
from calibrant.engine import Engine
from calibrant.errors import NotFitted, UnreadableFile
from calibrant.kernels.layout import for_kernels, weight_for_kernels
from calibrant.kernels.mixture import MEMBERS, MIXTURE_WIDTH, label_probs, mixture_sums
from calibrant.predictions import Predictions
from calibrant.solvers import Quadratic, minimise_newton

_FACTORS = 2.0 ** np.arange(-4.0, 4.5, 0.5)
_SUM_TOLERANCE = 1e-9


@dataclass(frozen=True, slots=True)
class EnsembleFit:
    """T, the weights (3,) of scaled, plain and uniform, and whether T stopped at the end of its range."""

    temperature: float
    weights: Floats
    at_bound: bool


@final
class EnsembleTemperatureScaling(Calibrator):
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
    probability 0: the uniform member spares it.

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

    def _fit(self, predictions: Predictions, engine: Engine) -> float:
        anchor = anchor_of(predictions, engine)
        self.fit_, loss = _minimise(_Mixture(predictions, anchor, engine), anchor.temperature)
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
            raise UnreadableFile(f"'at_bound' must be true or false; got {at_bound!r}.")
        self.fit_ = EnsembleFit(temperature, weights, at_bound)


class _Mixture:
    """The log-loss over rows as a function of β = 1/T, at the best weights for that β."""

    def __init__(self, predictions: Predictions, anchor: Anchor, engine: Engine) -> None:
        self._engine, self._anchor = engine, anchor
        self._logits = for_kernels(predictions.logits())
        self._labels = predictions.labels
        self._weight = weight_for_kernels(predictions.sample_weight)
        self._plain, _, self._uniform = self._members(1.0)
        self._start = np.array([1.0, 0.0, 0.0])

    def best(self, inverse_temperature: float) -> tuple[Floats, float, float]:
        """Return the best weights, the mean loss and its derivative in β."""
        scaled, slopes, _ = self._members(inverse_temperature)

        def at(weights: Floats) -> Quadratic:
            sums = self._sums(scaled, weights) / self._anchor.weight
            ridge, change = RIDGE / self._anchor.weight, weights - np.array([1.0, 0.0, 0.0])
            return Quadratic(
                float(sums[1] + weights.sum() + ridge * (change @ change) / 2),
                sums[2 : 2 + MEMBERS] + 1.0 + ridge * change,
                sums[2 + MEMBERS :].reshape(MEMBERS, MEMBERS) + ridge * np.eye(MEMBERS),
            )

        upper = np.full(MEMBERS, np.inf)
        found = minimise_newton(at, start=self._start, lower=np.zeros(MEMBERS), upper=upper)
        weights = found.x / found.x.sum()
        loss = float(self._sums(scaled, weights)[1]) / self._anchor.weight
        mixed = weights[0] * scaled + weights[1] * self._plain + weights[2] * self._uniform
        slope = -weights[0] * slopes / mixed
        return weights, loss, float(np.average(slope, weights=self._weight if self._weight.size else None))

    def identity(self) -> float:
        """Return the mean loss of the plain prediction."""
        weight = self._weight if self._weight.size else None
        return -float(np.average(np.log(self._plain), weights=weight))

    def _members(self, inverse_temperature: float) -> tuple[Floats, Floats, Floats]:
        """Return the label's probability, its derivative in β, and its share of the uniform prediction."""
        n, k = self._logits.shape
        results = (np.empty(n), np.empty(n), np.empty(n))
        arguments = (self._logits, self._labels, inverse_temperature, *results)
        self._engine.for_rows(lambda start, stop: label_probs(start, stop, *arguments), n, k)
        return results

    def _sums(self, scaled: Floats, weights: Floats) -> Floats:
        return self._engine.sum_rows(
            lambda start, stop, out: mixture_sums(
                start, stop, scaled, self._plain, self._uniform, self._weight, weights, out
            ),
            len(scaled),
            MEMBERS,
            MIXTURE_WIDTH,
        )


def _minimise(mixture: _Mixture, temperature: float) -> tuple[EnsembleFit, float]:
    grid = 1 / (temperature * _FACTORS)
    losses = [mixture.best(beta)[1] for beta in grid]
    # Where several T do equally well, the mixture has no use for the scaled member: stay near the anchor.
    order = np.lexsort(np.array((np.abs(np.log2(_FACTORS)), losses)))
    place = int(order[0])
    beta = float(grid[place])
    at_bound = place in (0, len(grid) - 1)
    if not at_bound:
        low, high = float(grid[place + 1]), float(grid[place - 1])
        if mixture.best(low)[2] < 0 < mixture.best(high)[2]:
            beta = float(brentq(lambda x: mixture.best(x)[2], low, high, xtol=1e-14 * high, rtol=1e-14))
    weights, loss, _ = mixture.best(beta)
    if mixture.identity() < loss:
        weights, loss = np.array([0.0, 1.0, 0.0]), mixture.identity()
    return EnsembleFit(1 / beta, weights, at_bound), loss


def _keep_top(probs: Floats, top: Floats) -> None:
    """Undo what rounding did to the order: put the greatest of every row at `top` again, by one unit."""
    after = probs.argmax(axis=1)
    moved = np.flatnonzero(after != top)
    probs[moved, top[moved]] = np.nextafter(probs[moved, after[moved]], np.inf)
