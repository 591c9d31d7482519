"""The fit of basis scaling: candidates cross-validated, then averaged by how well they did.

It also says what the rows lose by the average made without them, so that nobody need fit again to know.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import partial

import numpy as np

from calibrant._typing import Floats, Integers
from calibrant.calibrators.anchor import anchor_of
from calibrant.calibrators.averaging import CandidateScore, score_candidates
from calibrant.calibrators.basis_candidates import SHARED, candidates_of
from calibrant.calibrators.basis_paths import Candidate
from calibrant.calibrators.folds import FOLDS, fold_of
from calibrant.calibrators.held_out import HeldOut, nothing_held_out, record
from calibrant.calibrators.structured_features import features_of
from calibrant.calibrators.structured_softmax import StructuredSoftmax, average, temperature_model
from calibrant.engine import Engine
from calibrant.predictions import Predictions, Table

_FEWEST_ROWS = 20


@dataclass(frozen=True, eq=False, slots=True)
class BasisFit:
    """What basis scaling learned.

    Attributes
    ----------
    model : StructuredSoftmax
        The average.
    candidates : tuple of CandidateScore
        What it is the average of, the simplest first; empty where there were too few rows.
    held_out : HeldOut, optional
        Each row scored by the average of the fits without its fold. The shares in that average come from the
        losses of the other folds' rows. None with too few rows, or for a fit that was loaded.
    """

    model: StructuredSoftmax
    candidates: tuple[CandidateScore, ...]
    held_out: HeldOut | None = None


def fit_basis(rows: Predictions, *, mixing: Sequence[str], engine: Engine) -> BasisFit:
    """Fit basis scaling to canonical rows.

    Parameters
    ----------
    rows : Predictions
        n distinct rows in canonical order, each with its weight.
    mixing : sequence of str
        Basis functions for which matrices are tried.
    engine : Engine
        What runs the sums.
    """
    temperature = anchor_of(Table.whole(rows, engine)).temperature
    if rows.n < _FEWEST_ROWS:
        return BasisFit(temperature_model(temperature, rows.k), ())
    assert rows.sample_weight is not None
    features = features_of(Table.whole(rows, engine), temperature, shared=SHARED, mixing=mixing)
    paths, candidates = candidates_of(features, rows.sample_weight, fold_of(rows, FOLDS))
    scores = _scores(candidates, rows.sample_weight, np.arange(rows.n))
    held_out = nothing_held_out(rows.n)
    for number, positions in enumerate(paths.held_out):
        others = _scores(candidates, rows.sample_weight, paths.fitting[number])
        model = _averaged(candidates, others, partial(paths.fold_model, number=number))
        scored = rows.take(positions)
        record(held_out, positions, scored.with_scores(model.probs(scored.logits()), "probs"), engine)
    return BasisFit(_averaged(candidates, scores, paths.model), scores, held_out)


def _scores(candidates: Sequence[Candidate], weight: Floats, rows: Integers) -> tuple[CandidateScore, ...]:
    """Score candidates on some of the rows."""
    names, levels = [one.name for one in candidates], [one.level for one in candidates]
    return score_candidates(names, levels, np.stack([one.losses[rows] for one in candidates]), weight[rows])


def _averaged(
    candidates: Sequence[Candidate],
    scores: Sequence[CandidateScore],
    model_of: Callable[[Candidate], StructuredSoftmax],
) -> StructuredSoftmax:
    counting = [(one, score.share) for one, score in zip(candidates, scores, strict=True) if score.share > 0]
    return average([model_of(one) for one, _ in counting], [share for _, share in counting])
