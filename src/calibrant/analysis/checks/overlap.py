"""The same rows in the file that a calibrator is fitted on and in the file it is scored on."""

from __future__ import annotations

import numpy as np

from calibrant.analysis.checks.finding import Finding
from calibrant.analysis.checks.sample import Sample
from calibrant.analysis.checks.ties import chance_explains, find_ties

_GRAVE = 0.1
_MANY = 0.005


def overlap(scored: Sample, fitted: Sample) -> Finding | None:
    """Find scored rows whose scores and label also stand in the fitting file, of the same kind of scores."""
    if scored.form != fitted.form or scored.predictions.k != fitted.predictions.k:
        return None
    ties = find_ties(scored, fitted)
    in_fit = np.zeros(int(ties.group.max()) + 1, np.bool_)
    in_fit[ties.group[scored.n :]] = True
    in_scored = np.zeros_like(in_fit)
    in_scored[ties.group[: scored.n]] = True
    tied = ties.telling & (in_fit & in_scored)[ties.group]
    shared = np.flatnonzero(tied[: scored.n])
    if shared.size == 0:
        return None
    able = int(np.count_nonzero(ties.telling[: scored.n]))
    share, many = shared.size / able, shared.size >= _MANY * scored.n
    which = "scored rows" if able == scored.n else "scored rows that can be told apart"
    what = f"{shared.size:,} of {able:,} {which} ({share:.2%}) are also in the fitting file"
    example = scored.place(int(shared[0]))
    if chance_explains(ties, tied, scored, fitted):
        return Finding(
            "overlap",
            "note",
            f"{what}, as far as scores of few distinct values can tell.",
            "Nothing, if the scores come from a tree, from bins, or were rounded.",
            int(shared.size),
            example,
        )
    return Finding(
        "overlap",
        "error" if many and share >= _GRAVE else "warning" if many else "note",
        f"{what}, with {scored.row_in_words} (a warning from {_MANY:.1%} of all, an error from "
        f"{_GRAVE:.0%} of these).",
        "Fit on other rows than those you score on: results on rows that the fit has seen are too good.",
        int(shared.size),
        example,
    )
