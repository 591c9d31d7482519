"""Structured scaling with the strengths of its paper: one fit on all rows, nothing chosen by validation.

Vector and matrix form differ only in whether classes mix; everything else they share is here.
"""

from __future__ import annotations

import numpy as np

from calibrant.calibrators.anchor import anchor_of, refuse_masked_parts
from calibrant.calibrators.canonical import canonical_rows
from calibrant.calibrators.structured_features import features_of
from calibrant.calibrators.structured_loss import Penalties, Structure, StructuredLoss
from calibrant.calibrators.structured_softmax import StructuredSoftmax
from calibrant.predictions import Predictions, Table

_NEAR = 1e-11


def fit_structured(table: Table, *, mixing: bool, strength: float) -> StructuredSoftmax:
    """Fit softmax((I + D + M) z + b), z the log-softmax at the temperature of temperature scaling.

    Parameters
    ----------
    table : Table
        n rows, k classes.
    mixing : bool
        Whether M is free.
    strength : float
        Factor of all ridges.
    """
    refuse_masked_parts(table)
    rows = table.changed(_canonical_part)
    temperature = anchor_of(rows).temperature
    features = features_of(rows, temperature, shared=("log",), mixing=("log",) if mixing else ())
    k, weight = features.k, features.weight
    squared = float(features.shared.scales[0]) ** 2
    own, other = strength * k / weight, strength * k * (k - 1) / weight
    # The diagonal is held by D and M together, which is weaker than by either: D makes up for M's part.
    diagonal = own / (1 - 1 / (k - 1)) if mixing and k > 2 else own
    structure = Structure(
        diagonal=() if mixing and k == 2 else ("log",), biases=True, mixing="log" if mixing else None
    )
    penalties = Penalties(scalar=0.0, diagonal=diagonal / squared, bias=own, mixing=other / squared)
    loss = StructuredLoss(features, structure, penalties)
    return loss.model(loss.minimum(np.zeros(loss.size), tolerance=_NEAR))


def _canonical_part(rows: Predictions) -> Predictions:
    """Return the distinct rows of a part; one that weighs nothing stays as it is."""
    weighs = rows.sample_weight is None or bool(rows.sample_weight.any())
    return canonical_rows(rows) if weighs else rows
