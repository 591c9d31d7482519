"""`expected_cost`: what decisions by a threshold on the probability come to, for every ratio of costs.

Of a class: acting on it above a probability. Of the top label: leaving the rows below a confidence to
someone else. No threshold is chosen here.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np

from calibrant._typing import Floats
from calibrant.engine import DEFAULT_ENGINE, Engine
from calibrant.metrics.convention import Convention, Notion
from calibrant.metrics.rows import Measurable, as_rows
from calibrant.metrics.soft_labels import stamped
from calibrant.metrics.views import views

CELLS = 200


@dataclass(frozen=True, eq=False)
class ExpectedCost:
    """Cost a row of deciding by the threshold that would be best if the probabilities were right.

    Attributes
    ----------
    threshold : float64 array, (t,)
        Thresholds, evenly spaced from 0 to 1. Of a class: the cost of a false alarm, where it and the cost of
        a miss add up to 1; rows at or above are acted on. Of the top label: 1 minus the cost of leaving a row
        to someone else, where a wrong decision costs 1; rows at or above are decided.
    cost : float64 array, (t,)
        Mean cost of a row.
    always, never : float64 array, (t,)
        The same of acting on (deciding) every row, and none.
    convention : Convention
        Whose probability decides.
    """

    threshold: Floats
    cost: Floats
    always: Floats
    never: Floats
    convention: Convention

    def to_json(self) -> dict[str, Any]:
        """Return the fields as plain values."""
        columns = {name: getattr(self, name).tolist() for name in ("threshold", "cost", "always", "never")}
        return {**columns, "convention": self.convention.to_json()}


def expected_cost(
    predictions: Measurable,
    *,
    class_index: int | None = None,
    cells: int = CELLS,
    engine: Engine = DEFAULT_ENGINE,
) -> ExpectedCost:
    """Return the mean cost of decisions at every threshold.

    Parameters
    ----------
    predictions : Predictions
        Rows to decide on.
    class_index : int, optional
        Act on this class; by default the top label is taken or the row left to someone else.
    cells : int
        There are cells + 1 thresholds.
    engine : Engine
        What runs the passes over the rows.

    Raises
    ------
    InvalidArgument
        There is no such class.
    EmptyPredictions
        All rows weigh 0.

    Notes
    -----
    Of a class, with t the cost of a false alarm and 1 - t that of a miss: t · false alarms + (1 - t) ·
    misses, least for calibrated probabilities at the threshold t (Elkan, IJCAI 2001). Of the top label, with
    1 the cost of an error and 1 - t that of leaving a row out: errors + (1 - t)(1 - coverage), least at the
    confidence t (Chow, IEEE Transactions on Information Theory 1970).

    Examples
    --------
    >>> from calibrant.predictions import Predictions
    >>> rows = Predictions.from_probs([0.9, 0.6, 0.3, 0.1], [1, 0, 1, 0])
    >>> expected_cost(rows, class_index=1, cells=2).cost.tolist()
    [0.0, 0.25, 0.0]
    """
    rows = as_rows(predictions, engine)
    notion: Notion = "top-label" if class_index is None else "one-class"
    (view,) = views(rows, notion, class_index, name="an expected cost")
    tally = view.tally()
    total = tally.weight.sum()
    threshold = np.arange(cells + 1) / cells
    left_out, missed = (of / total for of in tally.below(threshold))
    base = float(tally.events.sum() / total)
    wrong = (1.0 - left_out) - (base - missed)
    if class_index is None:
        definition = "errors + (1 - t)(1 - coverage), rows at or above the confidence t decided"
        cost = wrong + (1 - threshold) * left_out
        always, never = np.full(cells + 1, 1 - base), 1 - threshold
    else:
        definition = "t · false alarms + (1 - t) · misses, rows at or above the probability t acted on"
        cost = threshold * wrong + (1 - threshold) * missed
        always, never = threshold * (1 - base), (1 - threshold) * base
    convention = stamped(Convention(definition, rows.n, notion, class_index), rows)
    return ExpectedCost(threshold, np.maximum(cost, 0.0), always, never, convention)
