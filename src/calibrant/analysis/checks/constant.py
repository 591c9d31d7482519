"""Predictions that are the same for every row."""

from __future__ import annotations

from calibrant.analysis.checks.finding import Finding
from calibrant.analysis.checks.sample import Sample
from calibrant.analysis.checks.significance import LEVEL, chance_of_at_most, in_words

_OVERCLAIM = 0.05


def constant_scores(sample: Sample) -> Finding | None:
    """Find a file whose rows all have the same scores."""
    scores = sample.predictions.scores
    if sample.n < 2 or not (scores == scores[0]).all():
        return None
    return Finding(
        "constant_scores",
        "warning",
        "every row has the same scores, so they say nothing about any row.",
        "Look whether the network saw its images, and whether it learned at all.",
        sample.n,
        sample.place(0),
    )


def constant_prediction(sample: Sample) -> Finding | None:
    """Find one class predicted for every row though labels differ.

    Rare positives do this to an honest classifier; it is a warning where the accuracy is significantly
    below the mean confidence, by 5 points or more.
    """
    prediction = sample.prediction
    assert prediction is not None
    if sample.n < 2 or (prediction != prediction[0]).any() or sample.label_counts.max() == sample.n:
        return None
    p_value = chance_of_at_most(sample.right, sample.n, sample.mean_confidence)
    overclaimed = p_value < LEVEL and sample.mean_confidence - sample.accuracy >= _OVERCLAIM
    claim = (
        f" with a mean confidence of {sample.mean_confidence:.1%} (so few by chance: {in_words(p_value)})"
        if overclaimed
        else ""
    )
    return Finding(
        "constant_prediction",
        "warning" if overclaimed else "note",
        f"every row is predicted as {sample.class_name(int(prediction[0]))}; "
        f"{sample.accuracy:.1%} are right{claim}.",
        "Accuracy and top-label calibration say little here: look at the probability of the class that "
        "matters.",
    )
