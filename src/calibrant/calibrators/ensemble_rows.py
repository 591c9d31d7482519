"""Rows as ensemble temperature scaling sees them: what the members of the mixture give each true class.

Which temperatures and weights are asked for is the business of `ensemble_fit`.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from calibrant._typing import Floats, Integers
from calibrant.calibrators.row_arrays import row_arrays
from calibrant.engine import Engine
from calibrant.kernels.mixture import MEMBERS, MIXTURE_WIDTH, label_probs, mixture_sums
from calibrant.predictions import Predictions


@dataclass(frozen=True, eq=False, slots=True)
class MixtureRows:
    """The rows of a part that weigh more than 0.

    Attributes
    ----------
    logits : array, (n, k)
        Scores before softmax.
    labels : int64 array, (n,)
        True classes.
    weight : float64 array, (n,) or (0,)
        Weight of each row; empty for 1.
    plain, uniform : float64 array, (n,)
        Probability of the true class under the plain prediction and under the uniform one.
    """

    logits: NDArray[Any]
    labels: Integers
    weight: Floats
    plain: Floats
    uniform: Floats

    @classmethod
    def of(cls, rows: Predictions, engine: Engine) -> MixtureRows:
        """Return the rows that count."""
        logits, labels, weight = row_arrays(rows)
        if weight.size and not weight.all():  # 0 times an infinite loss is no number
            counted = weight > 0
            logits, labels, weight = logits[counted], labels[counted], weight[counted]
        plain, _, uniform = _members(logits, labels, 1.0, engine)
        return cls(logits, labels, weight, plain, uniform)

    def weighted_sum(self, values: Floats) -> Floats:
        """Return the sum of one value a row, and the weight of the rows."""
        if self.weight.size:
            return np.array([(values * self.weight).sum(), self.weight.sum()])
        return np.array([values.sum(), len(values)])


@dataclass(frozen=True, eq=False, slots=True)
class ScaledRows:
    """The same rows, with the probability of the true class at a temperature and its derivative in 1/T."""

    rows: MixtureRows
    scaled: Floats
    slopes: Floats


def scaled_by(
    rows: MixtureRows, engine: Engine, *, inverse_temperatures: Sequence[float]
) -> tuple[ScaledRows, ...]:
    """Return the rows at each β = 1/T."""
    scaled = []
    for beta in inverse_temperatures:
        probs, slopes, _ = _members(rows.logits, rows.labels, beta, engine)
        scaled.append(ScaledRows(rows, probs, slopes))
    return tuple(scaled)


def plain_loss(rows: MixtureRows, engine: Engine) -> Floats:
    """Return the summed loss of the plain prediction, and the weight."""
    return rows.weighted_sum(-np.log(rows.plain))


def mixture_losses(scaled: Sequence[ScaledRows], engine: Engine, *, points: Mapping[int, Floats]) -> Floats:
    """Return the sums of `mixture_sums` for the weights of some of the temperatures, one after the other."""
    return np.stack([_losses(scaled[number], engine, weights) for number, weights in points.items()])


def mixture_ends(scaled: Sequence[ScaledRows], engine: Engine, *, points: Mapping[int, Floats]) -> Floats:
    """Return the summed loss, its derivative in β, and the weight, for the weights of each temperature."""
    return np.stack([_end(scaled[number], engine, weights) for number, weights in points.items()])


def _losses(at: ScaledRows, engine: Engine, weights: Floats) -> Floats:
    rows = at.rows
    arguments = (at.scaled, rows.plain, rows.uniform, rows.weight, weights)
    return engine.sum_rows(
        lambda start, stop, out: mixture_sums(start, stop, *arguments, out),
        len(at.scaled),
        MEMBERS,
        MIXTURE_WIDTH,
    )


def _end(at: ScaledRows, engine: Engine, weights: Floats) -> Floats:
    rows = at.rows
    mixed = weights[0] * at.scaled + weights[1] * rows.plain + weights[2] * rows.uniform
    slope = rows.weighted_sum(-weights[0] * at.slopes / mixed)
    return np.concatenate((_losses(at, engine, weights)[1:2], slope))


def _members(
    logits: NDArray[Any], labels: Integers, inverse_temperature: float, engine: Engine
) -> tuple[Floats, Floats, Floats]:
    """Return the label's probability, its derivative in β, and its share of the uniform prediction."""
    n, k = logits.shape
    results = (np.empty(n), np.empty(n), np.empty(n))
    arguments = (logits, labels, inverse_temperature, *results)
    engine.for_rows(lambda start, stop: label_probs(start, stop, *arguments), n, k)
    return results
