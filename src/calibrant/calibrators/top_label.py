"""The top label: a row's confidence in its predicted class, and a row rebuilt around a new confidence.

The predicted class never changes here; how a new confidence is found is each calibrator's own business.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from calibrant._typing import Booleans, Floats, Integers
from calibrant.calibrators.binary_problem import BinaryProblem
from calibrant.predictions import Predictions


@dataclass(frozen=True, eq=False)
class TopLabel:
    """What the predicted classes are, how sure the classifier is of them, and whether they are right.

    Attributes
    ----------
    probs : float64 array, (n, k)
        Rows on the simplex.
    prediction : int64 array, (n,)
        The most probable class, the first of equals.
    confidence : float64 array, (n,)
        Its probability.
    correct : bool array, (n,)
        Whether it is the label.
    weight : float64 array, (n,), optional
        Weight of each row.
    """

    probs: Floats
    prediction: Integers
    confidence: Floats
    correct: Booleans
    weight: Floats | None

    def problem(self) -> BinaryProblem:
        """Return the confidence as a score for being right, with accuracy (w + 1) / (W + 2) as prior."""
        right, total = self._weight_of(self.correct), self._weight_of(np.ones_like(self.correct))
        return BinaryProblem(self.confidence, self.correct, self.weight, (right + 1) / (total + 2))

    def uniform_share(self, smoothing: float) -> float:
        """Return α / (w + α), w being the weight of wrong rows: how far to trust equal shares of the rest."""
        return smoothing / (self._weight_of(~self.correct) + smoothing) if smoothing > 0 else 0.0

    def _weight_of(self, rows: Booleans) -> float:
        return float(rows.sum() if self.weight is None else self.weight @ rows)


def top_label(predictions: Predictions) -> TopLabel:
    """Return the top label of each row."""
    probs = predictions.probs()
    prediction = predictions.scores.argmax(axis=1)
    confidence = probs[np.arange(predictions.n), prediction]
    correct = prediction == predictions.labels
    return TopLabel(probs, prediction, confidence, correct, predictions.sample_weight)


def with_confidence(top: TopLabel, confidence: Floats, uniform: float) -> Floats:
    """Return rows with a new probability for the predicted class, the others sharing what is left.

    Parameters
    ----------
    top : TopLabel
        The rows.
    confidence : float64 array, (n,)
        The new probability of the predicted class. One so low that another class would overtake is raised
        to where it does not.
    uniform : float
        How far the others' shares are mixed with equal shares, 0..1.

    Returns
    -------
    float64 array, (n, k)
        Rows on the simplex whose greatest entry is still that of the predicted class.

    Examples
    --------
    >>> top = top_label(Predictions.from_probs([[0.75, 0.125, 0.125]], [0]))
    >>> with_confidence(top, np.array([0.5]), 0.0).tolist()
    [[0.5, 0.25, 0.25]]
    """
    n, k = top.probs.shape
    rows = np.arange(n)
    others = top.probs.copy()
    others[rows, top.prediction] = 0.0
    rest = others.sum(axis=1, keepdims=True)
    shares = np.full((n, k), 1 / (k - 1))
    np.divide(others, rest, out=shares, where=rest > 0)
    shares = (1 - uniform) * shares + uniform / (k - 1)
    shares[rows, top.prediction] = 0.0
    runner_up = shares.max(axis=1)
    kept = np.maximum(confidence, runner_up / (1 + runner_up))
    result: Floats = shares * (1 - kept)[:, None]
    result[rows, top.prediction] = kept
    # Rounding may leave a tie, or worse, where the confidence was raised.
    moved = np.flatnonzero(result.argmax(axis=1) != top.prediction)
    result[moved, top.prediction[moved]] = np.nextafter(result[moved].max(axis=1), 1.0)
    return result
