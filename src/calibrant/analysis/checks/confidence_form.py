"""Confidences of the top label that other commands refuse: no numbers, not finite, or outside 0..1."""

from __future__ import annotations

import numpy as np

from calibrant.analysis.checks.finding import Finding
from calibrant.analysis.checks.top_label_subject import TopLabelSubject

_MOST = 0.5
_PER_CENT = 100.0


def confidence_form(subject: TopLabelSubject) -> Finding | None:
    """Find confidences that are not (n,) real numbers with n ≥ 1."""
    if subject.confidence is not None:
        return None
    values = np.asarray(subject.raw.confidence)
    if values.dtype.kind not in "iubf":
        what = f"the confidences are {values.dtype}, not real numbers."
        advice = "Store the probability of the predicted class, 0 to 1, as a floating-point number."
    elif values.size == 0:
        what = f"there are no confidences: their shape is {values.shape}."
        advice = "Look at how the file was written."
    else:
        what = f"the confidences have the shape {values.shape}, not (n,)."
        advice = "Give one number a row; probabilities of all classes are stored as `probs`."
    return Finding("confidence_form", "error", what, advice)


def finite_confidence(subject: TopLabelSubject) -> Finding | None:
    """Find rows whose confidence is NaN or infinite."""
    if subject.confidence is None:
        return None
    bad = np.flatnonzero(~np.isfinite(subject.confidence))
    if bad.size == 0:
        return None
    return Finding(
        "finite_confidence",
        "error",
        f"confidences must be finite; row {bad[0]} holds {subject.confidence[bad[0]]}.",
        "Drop these rows, or find what wrote them: an answer that could not be read has no confidence.",
        len(bad),
        int(bad[0]),
    )


def confidence_range(subject: TopLabelSubject) -> Finding | None:
    """Find confidences outside 0..1, and say what they look like: per cent, logarithms or scores."""
    values, within = subject.confidence, subject.within
    if values is None or within is None:
        return None
    finite = np.isfinite(values)
    bad = np.flatnonzero(finite & ~within)
    if bad.size == 0:
        return None
    low, high = float(values[finite].min()), float(values[finite].max())
    if bad.size <= _MOST * finite.sum():
        advice = "Find what wrote them, or drop these rows."
    elif low >= 0 and high <= _PER_CENT:
        advice = "These look like per cent: divide by 100."
    elif high <= 0:
        advice = "These look like logarithms of probabilities: store exp of them."
    else:
        advice = "Scores before softmax are no confidences: store probabilities."
    return Finding(
        "confidence_range",
        "error",
        f"confidences must lie in 0..1; they reach from {low:.6g} to {high:.6g}.",
        advice,
        len(bad),
        int(bad[0]),
    )
