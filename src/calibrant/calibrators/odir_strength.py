"""The strength of the penalties of softmax(W z + b), chosen by the log-loss of rows held out.

What is penalised, and how, is the business of `penalised_affine`.
"""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace

import numpy as np

from calibrant._typing import Booleans, Floats
from calibrant.calibrators.affine import AffineLoss
from calibrant.calibrators.anchor import Anchor
from calibrant.calibrators.folds import fold_of
from calibrant.calibrators.penalised_affine import PenalisedAffine
from calibrant.engine import Engine
from calibrant.predictions import Predictions, Table

STRENGTHS = tuple(float(10.0**power) for power in np.arange(4.0, -3.5, -0.5))
"""What is tried, strongest first, where no strength is given."""

_FOLDS = 3
_NEAR = 1e-5
_HOPELESS = 1.005


def choose_strength(
    predictions: Predictions, *, normalised: bool, anchor: Anchor, engine: Engine
) -> tuple[float, Floats | None]:
    """Return the best strength, and the mean of the folds' fits at it where there are rows for folds.

    The rows have logits for scores.
    """
    fold = fold_of(predictions, _FOLDS)
    if (np.bincount(fold, _weight(predictions), minlength=_FOLDS) == 0).any():
        return STRENGTHS[0], None
    folds = [
        _Fold(predictions, fold == held_out, normalised=normalised, anchor=anchor, engine=engine)
        for held_out in range(_FOLDS)
    ]
    best, start, least = STRENGTHS[0], None, np.inf
    with ThreadPoolExecutor(_FOLDS) as pool:
        for strength in STRENGTHS:
            loss = sum(pool.map(_Fold.held_out_loss, folds, [strength] * _FOLDS))
            if loss < least:
                best, least = strength, loss
                start = np.mean([fold.natural for fold in folds], axis=0)
            elif loss > _HOPELESS * least:
                break
    return best, start


class _Fold:
    """One fold's rows held out, the others fitted at one strength after the other."""

    def __init__(
        self,
        predictions: Predictions,
        held_out: Booleans,
        *,
        normalised: bool,
        anchor: Anchor,
        engine: Engine,
    ) -> None:
        weight = _weight(predictions)

        def loss(rows: Booleans) -> AffineLoss:
            table = Table.whole(replace(predictions, sample_weight=weight * rows), engine)
            return AffineLoss(
                table,
                normalised=normalised,
                anchor=replace(anchor, weight=float(weight[rows].sum())),
                class_weights=table.class_weights(),
            )

        self._fitted, self._held_out = loss(~held_out), loss(held_out)
        self.natural = PenalisedAffine(self._fitted, STRENGTHS[0]).start

    def held_out_loss(self, strength: float) -> float:
        """Return the summed log-loss of the rows held out, at the fit of the others."""
        self.natural = PenalisedAffine(self._fitted, strength).near(self.natural, _NEAR)
        return float(self._held_out.sums(self.natural)[1])


def _weight(predictions: Predictions) -> Floats:
    return np.ones(predictions.n) if predictions.sample_weight is None else predictions.sample_weight
