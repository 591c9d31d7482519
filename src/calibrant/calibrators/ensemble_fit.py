"""How an ensemble's temperature and weights are found: the best weights for each T, then the best T.

What is done with them is the business of `ensemble_temperature`.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from scipy.optimize import brentq

from calibrant._typing import Floats
from calibrant.calibrators.anchor import RIDGE, Anchor, anchor_of
from calibrant.engine import Engine
from calibrant.kernels.layout import for_kernels, weight_for_kernels
from calibrant.kernels.mixture import MEMBERS, MIXTURE_WIDTH, label_probs, mixture_sums
from calibrant.predictions import Predictions, Table
from calibrant.solvers import Quadratic, minimise_newton

_FACTORS = 2.0 ** np.arange(-4.0, 4.5, 0.5)


@dataclass(frozen=True, slots=True)
class EnsembleFit:
    """T, the weights (3,) of scaled, plain and uniform, and whether T stopped at the end of its range."""

    temperature: float
    weights: Floats
    at_bound: bool


def fit_ensemble(predictions: Predictions, engine: Engine) -> tuple[EnsembleFit, float]:
    """Fit T and the weights; return them and the log-loss.

    Raises
    ------
    InvalidPredictions, FitFailed
        As `anchor_of`.
    """
    anchor = anchor_of(Table.whole(predictions, engine))
    mixture = _Mixture(predictions, anchor, engine)
    grid = 1 / (anchor.temperature * _FACTORS)
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


class _Mixture:
    """The log-loss over rows as a function of β = 1/T, at the best weights for that β."""

    def __init__(self, predictions: Predictions, anchor: Anchor, engine: Engine) -> None:
        self._engine, self._anchor = engine, anchor
        if predictions.sample_weight is not None:  # 0 times an infinite loss is no number
            predictions = predictions.take(predictions.sample_weight > 0)
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
