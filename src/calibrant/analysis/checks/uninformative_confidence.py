"""Confidence of the top label that is no higher for right answers than for wrong ones."""

from __future__ import annotations

import math

import numpy as np
from scipy.special import ndtr

from calibrant.analysis.checks.finding import Finding
from calibrant.analysis.checks.sample import Sample
from calibrant.analysis.checks.significance import LEVEL, chance_of_at_most, in_words
from calibrant.metrics.auroc import auroc

_AGAINST = 0.45
_OVERCLAIM = 0.05
_SKILL_LEVEL = 0.01
_ROUGH = 0.05


def uninformative_confidence(sample: Sample) -> Finding | None:
    """Find outcomes that contradict the confidences, or that have nothing to do with them.

    The chance that a right row is surer than a wrong one (AUROC, ties count half) is 1/2 where outcomes and
    confidences are unrelated; Mann & Whitney's statistic with the variance for ties says how surely it is
    not. An AUROC of 0.45 or less is reported where it is below 1/2 by more than chance; one that is not
    above 1/2 (p > 0.01, standard error at most 0.05) where the mean confidence also exceeds the accuracy by
    5 points and more than chance.
    """
    confidence, right = sample.summary.confidence, sample.right
    wrong = sample.n - right
    if right == 0 or wrong == 0:
        return None
    counts = np.unique(confidence, return_counts=True)[1].astype(np.float64)
    spread = sample.n + 1 - float((counts**3 - counts).sum()) / (sample.n * (sample.n - 1))
    if spread <= 0:
        return None
    stderr = math.sqrt(spread / (12 * right * wrong))
    chance = auroc(sample.rows).value
    z = (chance - 0.5) / stderr
    measured = f"a right row is surer than a wrong one with probability {chance:.3f} (1/2: unrelated"
    if chance <= _AGAINST and ndtr(z) < LEVEL:
        return Finding(
            "uninformative_confidence",
            "warning",
            f"{measured}; so low by chance: {in_words(float(ndtr(z)))}).",
            "Look whether outcomes are inverted, 1 for a wrong answer, or confidence is an uncertainty.",
        )
    claimed = sample.mean_confidence
    p_value = chance_of_at_most(right, sample.n, claimed)
    if claimed - sample.accuracy < _OVERCLAIM or p_value >= LEVEL:
        return None
    if stderr > _ROUGH or ndtr(-z) < _SKILL_LEVEL:
        return None
    return Finding(
        "uninformative_confidence",
        "warning",
        f"{measured}, standard error {stderr:.3f}), and {sample.accuracy:.1%} of the rows are right where "
        f"the mean confidence is {claimed:.1%} (so few by chance: {in_words(p_value)}).",
        "Look whether confidences or outcomes were shuffled, or belong to another file. If not, no method "
        "can do more with such confidences than replace them by the accuracy.",
    )
