"""The CORP reliability curve: how often the event comes true at each probability, by isotonic regression.

It needs no bins. What the curve comes to in numbers is `corp_decomposition`.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from calibrant._typing import Floats
from calibrant.engine import Engine
from calibrant.metrics.binary_view import binary_view
from calibrant.metrics.convention import Convention, Notion
from calibrant.metrics.rows import Measurable
from calibrant.solvers import isotonic_blocks


@dataclass(frozen=True, eq=False)
class CorpReliability:
    """Runs of probabilities that share one recalibrated value.

    Attributes
    ----------
    lower, upper : float64 array, (b,)
        First and last probability of each run, ascending.
    frequency : float64 array, (b,)
        How often the event came true in it, not decreasing.
    weight : float64 array, (b,)
        Weight of its rows.
    convention : Convention
        Whose probability it is.
    """

    lower: Floats
    upper: Floats
    frequency: Floats
    weight: Floats
    convention: Convention


def corp_reliability(
    predictions: Measurable,
    *,
    notion: Notion = "top-label",
    class_index: int | None = None,
    engine: Engine | None = None,
) -> CorpReliability:
    """Return the isotonic regression of the outcome on the probability.

    Parameters
    ----------
    predictions : Predictions
        Rows to measure.
    notion : {"top-label", "one-class"}
        Whose probability.
    class_index : int, optional
        The class of "one-class"; with two classes, class 1 by default.
    engine : Engine, optional
        What runs the passes over the rows.

    Raises
    ------
    InvalidArgument
        No such notion, or no class named where one is needed.
    EmptyPredictions
        All rows weigh 0.

    Notes
    -----
    Dimitriadis, Gneiting & Jordan, Stable reliability diagrams for probabilistic classifiers, PNAS 2021.

    Examples
    --------
    >>> from calibrant.predictions import Predictions
    >>> rows = Predictions.from_probs([0.2, 0.6, 0.4, 0.8], [0, 0, 1, 1])
    >>> curve = corp_reliability(rows, notion="one-class")
    >>> curve.lower.tolist(), curve.upper.tolist(), curve.frequency.tolist()
    ([0.2, 0.4, 0.8], [0.2, 0.6, 0.8], [0.0, 0.5, 1.0])
    """
    view = binary_view(predictions, notion=notion, class_index=class_index, engine=engine)
    blocks = isotonic_blocks(view.tally.events, view.tally.weight)
    return CorpReliability(
        lower=view.tally.values[blocks.first],
        upper=view.tally.values[blocks.last],
        frequency=blocks.values,
        weight=np.add.reduceat(view.tally.weight, blocks.first),
        convention=view.convention("isotonic regression of the outcome on the probability"),
    )
