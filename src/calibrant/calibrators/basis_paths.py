"""Cross-validated fits of one structure at falling strengths, all folds side by side.

Each fit starts where the last, more strongly held one of its fold ended. What is tried comes from outside.
"""

from __future__ import annotations

from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass

import numpy as np

from calibrant._typing import Floats, Integers
from calibrant.calibrators.structured_features import Features
from calibrant.calibrators.structured_loss import Penalties, Structure, StructuredLoss
from calibrant.calibrators.structured_softmax import StructuredSoftmax

_OWN_STRENGTH = 0.3
_NEAR, _NEARER = 1e-6, 1e-7
_WORTHWHILE = 5e-4


@dataclass(frozen=True, slots=True)
class Strength:
    """How strongly the numbers are held.

    Attributes
    ----------
    scalar : float
        Ridge on the change of every α from the temperature solution, in units of 1/n.
    mixing : float
        Ridge on M, in units of k/n.
    """

    scalar: float
    mixing: float = 0.0

    def penalties(self, k: int, weight: float) -> Penalties:
        """Return the ridges for k classes and rows of this summed weight."""
        unit = k / weight
        return Penalties(self.scalar / weight, _OWN_STRENGTH * unit, _OWN_STRENGTH * unit, self.mixing * unit)


@dataclass(frozen=True, eq=False, slots=True)
class Candidate:
    """A structure at one strength.

    Attributes
    ----------
    name : str
        What it is called.
    level : int
        How complex it is: 0 for temperature scaling, one more for every step.
    structure : Structure
        What is free.
    strength : Strength
        Of its penalties.
    losses : float64 array, (n,)
        Log-loss of each row by the fit on the other folds, nats.
    fits : list of float64 array
        The free numbers of each fold's fit.
    """

    name: str
    level: int
    structure: Structure
    strength: Strength
    losses: Floats
    fits: list[Floats]


class FoldPaths:
    """Rows in folds, each held out in turn.

    Parameters
    ----------
    features : Features
        All n rows in memory.
    weight : float64 array, (n,)
        Weight of each row.
    fold : int64 array, (n,)
        The fold of each row.
    pool : ThreadPoolExecutor
        What runs the folds.
    """

    def __init__(self, features: Features, weight: Floats, fold: Integers, pool: ThreadPoolExecutor) -> None:
        self._features, self._weight, self._pool = features, weight, pool
        self.held_out = [np.flatnonzero(fold == number) for number in np.unique(fold)]
        self.fitting = [np.flatnonzero(fold != number) for number in np.unique(fold)]

    def along(
        self,
        name: str,
        level: int,
        structure: Structure,
        strengths: Sequence[Strength],
        starts: Sequence[Floats] = (),
    ) -> list[Candidate]:
        """Fit at falling strengths, for as long as the held-out loss falls by a 2,000th of itself.

        Parameters
        ----------
        name, level, structure
            Of the candidates.
        strengths : sequence of Strength
            The strongest first.
        starts : sequence of float64 array
            For each fold the first free numbers to start from, where some are known; the others start at 0.
        """
        candidates: list[Candidate] = []
        fits, least = list(starts) or [np.empty(0) for _ in self.held_out], np.inf
        for strength in strengths:
            losses = np.empty(len(self._weight))
            tasks = [
                self._pool.submit(self._fit, structure, strength, number, start, losses)
                for number, start in enumerate(fits)
            ]
            fits = [task.result() for task in tasks]
            loss = float(self._weight @ losses)
            if loss < least:
                label = (
                    name if len(strengths) == 1 else f"{name}, ridge {strength.mixing or strength.scalar:g}"
                )
                candidates.append(Candidate(label, level, structure, strength, losses, fits))
            if loss > (1 - _WORTHWHILE) * least:
                break
            least = loss
        return candidates

    def fold_model(self, candidate: Candidate, number: int) -> StructuredSoftmax:
        """Return the model that a candidate's fit without one fold makes."""
        fit = candidate.fits[number]
        return self._loss(candidate.structure, candidate.strength, self.fitting[number]).model(fit)

    def model(self, candidate: Candidate) -> StructuredSoftmax:
        """Return the model of a candidate's fit on all rows."""
        loss = self._loss(candidate.structure, candidate.strength, np.arange(len(self._weight)))
        start: Floats = np.mean(candidate.fits, axis=0)
        return loss.model(loss.minimum(start, tolerance=_NEARER))

    def _fit(
        self, structure: Structure, strength: Strength, number: int, known: Floats, losses: Floats
    ) -> Floats:
        """Fit without one fold, write the losses of its rows, and return the free numbers."""
        loss = self._loss(structure, strength, self.fitting[number])
        start = np.zeros(loss.size)
        start[: len(known)] = known
        free = loss.minimum(start, tolerance=_NEAR)
        losses[self.held_out[number]] = loss.row_losses(free, self.held_out[number])
        return free

    def _loss(self, structure: Structure, strength: Strength, rows: Integers) -> StructuredLoss:
        penalties = strength.penalties(self._features.k, float(self._weight[rows].sum()))
        return StructuredLoss(self._features, structure, penalties, listed=rows)
