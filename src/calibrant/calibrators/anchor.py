"""Where the richer scaling methods start from, and what a tiny ridge ties them to: temperature scaling.

A direction in which the rows say nothing stays there; a class that never occurs is held by a unit prior.
"""

from __future__ import annotations

import math
from dataclasses import dataclass, replace
from typing import Literal

import numpy as np

from calibrant._typing import Floats
from calibrant.calibrators.temperature_fit import fit_shaped, logit_shape
from calibrant.engine import Engine
from calibrant.errors import InvalidPredictions, UnreadableFile
from calibrant.predictions import Predictions, Table
from calibrant.printable import shown

RIDGE = 1e-6
"""Weight of ½ |θ - θ₀|² beside the summed log-loss, slopes in units of the logits' root mean square."""

ABSENT_RIDGE = 1.0
"""The same for what belongs to a class that never occurs: it loses some probability, never all."""

STEEPEST = 1e8
"""The largest scores times slopes after which a float64 still has room for a bias."""

Unbounded = Literal["separable", "absent class"]

UNBOUNDED_REASONS = {
    None: "",
    "separable": "; every row is right, so only the ridge keeps it finite",
    "absent class": "; a class never occurs, so only the prior keeps it possible",
}
"""What a description adds where the optimum would lie at infinity."""


@dataclass(frozen=True, slots=True)
class Anchor:
    """The temperature solution.

    Attributes
    ----------
    temperature : float
        T of temperature scaling; 1 where every row is right already, so that T has no optimum above 0.
    scale : float
        Root mean square of the centred logits; 1 where that is 0.
    weight : float
        Summed weight of the rows.
    """

    temperature: float
    scale: float
    weight: float


def anchor_of(table: Table) -> Anchor:
    """Fit temperature scaling and measure the logits.

    Raises
    ------
    InvalidPredictions
        The logit of a true class is -inf.
    FitFailed
        The logits are too large or too small to be fitted.
    """
    table = table.with_logits()
    sums = table.total(logit_shape)
    fitted = fit_shaped(table, sums)
    temperature = 1.0 if fitted.bound == "lower" else fitted.temperature
    scale = math.sqrt(sums[3] / sums[4])
    return Anchor(temperature, scale if scale > 0 else 1.0, float(sums[0]))


def resolved(anchor: Anchor, largest: float, steepest: float = STEEPEST) -> Anchor:
    """Return an anchor that leaves a bias its digits beside slopes times scores of size `largest`.

    That product may be `steepest`. Where scores are so nearly equal that slopes which tell them apart would
    lose the bias to rounding, T is 1 and the unit of slopes is the largest score, so that the ridge keeps
    slopes at 1 and only the biases learn.

    Examples
    --------
    >>> resolved(Anchor(1e-20, 1e-20, 9.0), 0.7)
    Anchor(temperature=1.0, scale=0.7, weight=9.0)
    """
    if largest <= steepest * min(anchor.temperature, anchor.scale):
        return anchor
    return replace(anchor, temperature=1.0, scale=max(anchor.scale, largest))


def largest_logit(table: Table) -> float:
    """Return max |z|."""
    return max(table.with_logits().each(_largest_logit))


def _largest_logit(rows: Predictions, engine: Engine) -> float:
    return max(float(rows.scores.max()), -float(rows.scores.min()))


def ridge_of_classes(class_weights: Floats) -> Floats:
    """Return the ridge (k,) on what belongs to each class: tiny for those that occur, 1 for the others."""
    return np.where(class_weights > 0, RIDGE, ABSENT_RIDGE)


def refuse_masked(predictions: Predictions) -> None:
    """Raise `InvalidPredictions` for a logit of -inf: a method that mixes classes cannot keep it apart."""
    refuse_masked_parts(Table.whole(predictions))


def refuse_masked_parts(table: Table) -> None:
    """Raise `InvalidPredictions` for a logit of -inf in any part."""
    masked = table.first(_masked)
    if masked is not None:
        row, column = masked
        raise InvalidPredictions(
            f"the logit of class {column} is -inf at row {row}: this method mixes the classes, so "
            "none can be masked. Drop the class, or use temperature scaling."
        )


def _masked(rows: Predictions, engine: Engine) -> tuple[int, int] | None:
    """Return the first row with a masked class, and that class."""
    if rows.kind == "probs" or rows.scores.min() > -np.inf:
        return None
    row, column = np.argwhere(rows.scores == -np.inf)[0]
    return int(row), int(column)


def unbounded(class_weights: Floats, wrong: float) -> Unbounded | None:
    """Say why the optimum lies at infinity: no weight is `wrong`, or a class is absent."""
    if wrong == 0:
        return "separable"
    return None if (class_weights > 0).all() else "absent class"


def check_unbounded(value: object) -> Unbounded | None:
    """Return a stored reason, or raise `UnreadableFile`."""
    if value is None or value == "separable" or value == "absent class":
        return value
    raise UnreadableFile(
        f"'unbounded' must be null, 'separable' or 'absent class'; got {shown(repr(value))}."
    )
