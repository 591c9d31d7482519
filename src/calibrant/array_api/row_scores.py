"""What each row of a block says about itself: probabilities, log-loss, Brier score, whether it is right."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import Any

from calibrant._typing import Kind
from calibrant.array_api.library import Library
from calibrant.array_api.rows import Block

SMALLEST = 2.0**-126
"""The probability that log-loss counts where a true class has less."""

FLOORED_NLL = 126 * math.log(2)

_NORMALISED = {True: 1e-12, False: 1e-6}
"""A row of probabilities this close to a sum of 1 is taken as it is: in float64, and in float32."""


@dataclass(frozen=True, eq=False)
class RowScores:
    """Probabilities (b, k), and of each row (b,) the top one, whether it is right, and its losses."""

    probs: Any
    confidence: Any
    correct: Any
    nll: Any
    brier: Any
    floored: Any


def row_scores(library: Library, block: Block, kind: Kind, inverse_temperature: float = 1.0) -> RowScores:
    """Measure each row of softmax(βz), or of the probabilities that the scores are."""
    xp = library.xp
    if kind == "logits":
        exponent = inverse_temperature * (block.scores - xp.max(block.scores, axis=1, keepdims=True))
        masses = xp.exp(exponent)
        total = xp.sum(masses, axis=1, keepdims=True)
        probs = masses / total
        loss = xp.log(total[:, 0]) - at_label(xp, block, exponent)
        floored = loss >= FLOORED_NLL
    else:
        total = xp.sum(block.scores, axis=1, keepdims=True)
        as_it_is = xp.abs(total - 1) <= _NORMALISED[library.is_wide]
        probs = xp.clip(xp.where(as_it_is, block.scores, block.scores / total), max=1.0)
        p = at_label(xp, block, probs)
        loss = -xp.log(xp.clip(p, min=SMALLEST))
        floored = p <= SMALLEST
    return RowScores(
        probs=probs,
        confidence=xp.max(probs, axis=1),
        correct=xp.argmax(block.scores, axis=1) == block.labels,
        nll=xp.clip(loss, max=FLOORED_NLL),
        brier=xp.sum(xp.where(block.is_label, 1 - probs, probs) ** 2, axis=1),
        floored=floored,
    )


def at_label(xp: Any, block: Block, values: Any) -> Any:
    """Return the value (b,) of each row's true class among `values` (b, k)."""
    return xp.sum(xp.where(block.is_label, values, 0.0), axis=1)
