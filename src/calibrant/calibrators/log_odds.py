"""Log-odds of each class against all others, class by class, without a second array of scores.

Two classes count as one problem, that of class 1, whose log-odds are the difference of the logits.
"""

from __future__ import annotations

import numpy as np
from scipy.special import log_expit

from calibrant._typing import Floats
from calibrant.calibrators.class_problems import problem_classes
from calibrant.engine import Engine
from calibrant.kernels.layout import for_kernels
from calibrant.kernels.log_odds import rest_of_rows
from calibrant.predictions import Predictions


class LogOdds:
    """The binary problems in n rows over k classes.

    Attributes
    ----------
    rows : Predictions
        The rows.
    classes : range
        Whose log-odds are asked for: every class, or class 1 alone where there are two.
    """

    def __init__(self, predictions: Predictions, engine: Engine) -> None:
        n, k = predictions.n, predictions.k
        self.rows = predictions
        self.classes = problem_classes(k)
        self._logits = predictions.logits()
        self._top, self._rest = np.empty(n, np.int64), np.empty(n)
        arguments = (for_kernels(self._logits), self._top, self._rest)
        engine.for_rows(lambda start, stop: rest_of_rows(start, stop, *arguments), n, k)
        top_logit = self._logits[np.arange(n), self._top].astype(np.float64)
        self._total = np.logaddexp(top_logit, self._rest)

    def of(self, label: int) -> Floats:
        """Return log p - log(1 - p) of one class, float64 (n,), exact to rounding for any p."""
        logit = self._logits[:, label].astype(np.float64)
        if self._logits.shape[1] == 2:
            return logit - self._logits[:, 1 - label].astype(np.float64)
        is_top = self._top == label
        below = np.where(is_top, -1.0, logit - self._total)
        return np.where(is_top, logit - self._rest, below - np.log1p(-np.exp(below)))


def normalised_probs(scores: Floats) -> Floats:
    """Return (n, k) probabilities from calibrated log-odds (n, classes): σ of each, normalised over the row.

    Examples
    --------
    >>> normalised_probs(np.zeros((1, 1))).tolist(), normalised_probs(np.zeros((1, 4))).tolist()
    ([[0.5, 0.5]], [[0.25, 0.25, 0.25, 0.25]])
    """
    if scores.shape[1] == 1:
        scores = np.concatenate((-scores, scores), axis=1)
    logs: Floats = log_expit(scores)
    logs -= logs.max(axis=1, keepdims=True)
    probs: Floats = np.exp(logs, out=logs)
    probs /= probs.sum(axis=1, keepdims=True)
    return probs
