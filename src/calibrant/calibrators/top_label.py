"""The top label: a row's confidence in its predicted class, and a row rebuilt around a new confidence.

The predicted class never changes here; how a new confidence is found is each calibrator's own business.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from calibrant._typing import Booleans, Floats, Integers
from calibrant.calibrators.binary_problem import BinaryProblem
from calibrant.calibrators.class_problems import ScoredProblems
from calibrant.engine import Engine
from calibrant.predictions import Derived, Predictions


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


@dataclass(frozen=True, slots=True)
class Correctness:
    """How much weight the rows have whose predicted class is right, wrong, and all together."""

    right: float
    wrong: float
    total: float

    @property
    def prior(self) -> float:
        """Accuracy with one row more of each, (w + 1) / (W + 2)."""
        return (self.right + 1) / (self.total + 2)

    def uniform_share(self, smoothing: float) -> float:
        """Return α / (w + α), w being the weight of wrong rows: how far to trust equal shares of the rest."""
        return smoothing / (self.wrong + smoothing) if smoothing > 0 else 0.0


def correctness(tops: Derived[TopLabel]) -> Correctness:
    """Return the weight of right and wrong rows."""
    return Correctness(*tops.total(_correctness).tolist())


def _correctness(top: TopLabel, engine: Engine) -> Floats:
    every = (top.correct, ~top.correct, np.ones_like(top.correct))
    return np.array([rows.sum() if top.weight is None else top.weight @ rows for rows in every], np.float64)


def top_problem(top: TopLabel, engine: Engine) -> ScoredProblems:
    """Return the confidence as a score for being right."""
    return ScoredProblems(top.confidence[None], top.correct.astype(np.int64), (1,), top.weight)


@dataclass(frozen=True, eq=False)
class PredictedProblems:
    """Whether the top label is right: among the rows of each predicted class, and of all of k classes."""

    top: TopLabel

    @property
    def n(self) -> int:
        """Number of rows."""
        return len(self.top.correct)

    def problem(self, index: int) -> BinaryProblem:
        """Return the problem of a predicted class, or of all rows for index k."""
        top = self.top
        if index == top.probs.shape[1]:
            return BinaryProblem(top.confidence, top.correct, top.weight)
        counted = top.prediction == index
        weight = None if top.weight is None else top.weight[counted]
        return BinaryProblem(top.confidence[counted], top.correct[counted], weight)


def predicted_problems(top: TopLabel, engine: Engine) -> PredictedProblems:
    """Return the problem of each predicted class, and that of all rows."""
    return PredictedProblems(top)


def top_labels(rows: Predictions, engine: Engine) -> TopLabel:
    """Return the top label of each row of a part."""
    return top_label(rows)


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
