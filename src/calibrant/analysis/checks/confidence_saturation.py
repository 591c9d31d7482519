"""Confidences of the top label that are exactly 0 or 1."""

from __future__ import annotations

import numpy as np

from calibrant.analysis.checks.finding import Finding
from calibrant.analysis.checks.top_label_subject import TopLabelSubject

_MANY = 0.1
_IMPOSSIBLE = 1e-3


def confidence_saturation(subject: TopLabelSubject) -> Finding | None:
    """Count confidences of exactly 0 and 1, and the outcomes that they declare impossible.

    All rows at an exact 1 look the same to every method, and a wrong one has an infinite log-loss.
    """
    values, sample = subject.confidence, subject.sample
    if values is None:
        return None
    ones, zeros = values == 1, values == 0
    touched = np.flatnonzero(ones | zeros)
    if touched.size == 0:
        return None
    refuted = 0
    if sample is not None:
        right, at = sample.summary.correct == 1, sample.kept
        refuted = int(np.count_nonzero((ones[at] & ~right) | (zeros[at] & right)))
    n, share = len(values), touched.size / len(values)
    grave = share >= _MANY or refuted >= max(_IMPOSSIBLE * n, 1)
    return Finding(
        "confidence_saturation",
        "warning" if grave else "note",
        f"{int(ones.sum()):,} confidences are exactly 1 and {int(zeros.sum()):,} exactly 0, together "
        f"{share:.2%} of the rows (a warning from {_MANY:.0%}); {refuted / n:.2%} of the rows came out as "
        f"such a confidence says they cannot (a warning from {_IMPOSSIBLE:.1%}).",
        "Store confidences in a wider float type, or the scores of all classes: rows that were rounded to "
        "the same number cannot be told apart again.",
        len(touched),
        int(touched[0]),
    )
