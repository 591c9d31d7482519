"""How an ensemble's temperature and weights are found: the best weights for each T, then the best T.

What is done with them is the business of `ensemble_temperature`.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import partial

import numpy as np
from scipy.optimize import brentq

from calibrant._typing import Floats
from calibrant.calibrators.anchor import RIDGE, Anchor, anchor_of
from calibrant.calibrators.ensemble_rows import (
    MixtureRows,
    mixture_ends,
    mixture_losses,
    plain_loss,
    scaled_by,
)
from calibrant.kernels.mixture import MEMBERS
from calibrant.predictions import Table
from calibrant.solvers import Quadratic, minimise_newton_together

_FACTORS = 2.0 ** np.arange(-4.0, 4.5, 0.5)
_SCALED_ALONE = np.array([1.0, 0.0, 0.0])


@dataclass(frozen=True, slots=True)
class EnsembleFit:
    """T, the weights (3,) of scaled, plain and uniform, and whether T stopped at the end of its range."""

    temperature: float
    weights: Floats
    at_bound: bool


def fit_ensemble(table: Table) -> tuple[EnsembleFit, float]:
    """Fit T and the weights; return them and the log-loss.

    In memory one T is looked at after the other; elsewhere every reading of the rows serves all of the grid.

    Raises
    ------
    InvalidPredictions, FitFailed
        As `anchor_of`.
    """
    table = table.with_logits()
    anchor = anchor_of(table)
    mixture = _Mixture(table, anchor)
    grid = 1 / (anchor.temperature * _FACTORS)
    of_grid = mixture.best(grid)
    losses = [best.loss for best in of_grid]
    # Where several T do equally well, the mixture has no use for the scaled member: stay near the anchor.
    order = np.lexsort(np.array((np.abs(np.log2(_FACTORS)), losses)))
    place = int(order[0])
    beta, mixture.start = float(grid[place]), of_grid[place].weights
    at_bound = place in (0, len(grid) - 1)
    if not at_bound:
        low, high = float(grid[place + 1]), float(grid[place - 1])
        if mixture.slope(low) < 0 < mixture.slope(high):
            beta = float(brentq(mixture.slope, low, high, xtol=1e-14 * high, rtol=1e-14))
    best = mixture.best([beta])[0]
    weights, loss, identity = best.weights, best.loss, mixture.identity()
    if identity < loss:
        weights, loss = np.array([0.0, 1.0, 0.0]), identity
    return EnsembleFit(1 / beta, weights, at_bound), loss


@dataclass(frozen=True, eq=False, slots=True)
class _Best:
    """The best weights for one β = 1/T, the mean loss and its derivative in β."""

    weights: Floats
    loss: float
    slope: float


class _Mixture:
    """The log-loss over rows as a function of β = 1/T, at the best weights for that β.

    Attributes
    ----------
    start : float64 array, (3,)
        Where searches for weights start.
    """

    def __init__(self, table: Table, anchor: Anchor) -> None:
        self._anchor = anchor
        self._rows = table.derived(MixtureRows.of)
        self.start = _SCALED_ALONE

    def best(self, inverse_temperatures: Sequence[float] | Floats) -> list[_Best]:
        """Return the best of each β."""
        if not self._rows.in_memory:
            return self._best_together(inverse_temperatures)
        return [best for beta in inverse_temperatures for best in self._best_together([beta])]

    def slope(self, inverse_temperature: float) -> float:
        """Return the derivative of the mean loss in β."""
        return self.best([inverse_temperature])[0].slope

    def identity(self) -> float:
        """Return the mean loss of the plain prediction."""
        loss, weight = self._rows.total(plain_loss).tolist()
        return float(loss / weight)

    def _best_together(self, inverse_temperatures: Sequence[float] | Floats) -> list[_Best]:
        rows = self._rows.derived(partial(scaled_by, inverse_temperatures=tuple(inverse_temperatures)))
        ridge = RIDGE / self._anchor.weight

        def at(points: Mapping[int, Floats]) -> dict[int, Quadratic]:
            quadratics = {}
            for (number, weights), total in zip(
                points.items(), rows.total(partial(mixture_losses, points=points)), strict=True
            ):
                sums, change = total / self._anchor.weight, weights - _SCALED_ALONE
                quadratics[number] = Quadratic(
                    float(sums[1] + weights.sum() + ridge * (change @ change) / 2),
                    sums[2 : 2 + MEMBERS] + 1.0 + ridge * change,
                    sums[2 + MEMBERS :].reshape(MEMBERS, MEMBERS) + ridge * np.eye(MEMBERS),
                )
            return quadratics

        found = minimise_newton_together(
            at,
            starts=[self.start] * len(inverse_temperatures),
            lower=np.zeros(MEMBERS),
            upper=np.full(MEMBERS, np.inf),
        )
        weights = {number: minimum.x / minimum.x.sum() for number, minimum in enumerate(found)}
        ends = rows.total(partial(mixture_ends, points=weights)).tolist()
        return [
            _Best(weights[number], loss / self._anchor.weight, slope / weight)
            for number, (loss, slope, weight) in enumerate(ends)
        ]
