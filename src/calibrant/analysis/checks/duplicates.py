"""The same row more than once in one file."""

from __future__ import annotations

import numpy as np

from calibrant.analysis.checks.finding import Finding
from calibrant.analysis.checks.sample import Sample
from calibrant.analysis.checks.ties import chance_explains, find_ties

_MANY = 0.01


def duplicates(sample: Sample) -> Finding | None:
    """Find rows that repeat an earlier row's scores and label."""
    ties = find_ties(sample)
    sizes = np.bincount(ties.group, weights=ties.telling)
    tied = ties.telling & (sizes[ties.group] > 1)
    if not tied.any():
        return None
    first = np.unique(ties.group, return_index=True)[1]
    repeated = tied.copy()
    repeated[first] = False
    count = int(repeated.sum())
    share = f"{count:,} rows ({count / sample.n:.2%}) repeat an earlier row, with {sample.row_in_words}"
    example = sample.place(int(np.argmax(repeated)))
    if chance_explains(ties, tied, sample):
        return Finding(
            "duplicates",
            "note",
            f"{share}, as scores of few distinct values do by chance.",
            "Nothing, if the scores come from a tree, from bins, or were rounded.",
            count,
            example,
        )
    return Finding(
        "duplicates",
        "warning" if count >= _MANY * sample.n else "note",
        f"{share}, which chance does not explain (a warning from {_MANY:.0%}).",
        "Drop the copies: they make every interval too narrow. Was a batch, a shard or a whole file written "
        "twice, or does the data set hold the same sample twice?",
        count,
        example,
    )
