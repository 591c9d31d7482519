"""The path of cumulative differences between outcomes and probabilities, from the least probability up.

Its range is `kuiper_error`, its largest distance from 0 `ks_error`, and `cumulative_test` tests it.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from calibrant._typing import Floats
from calibrant.engine import Engine
from calibrant.errors import InvalidArgument
from calibrant.metrics.convention import Convention, Notion
from calibrant.metrics.cumulative import walk_of
from calibrant.metrics.rows import Measurable, as_rows
from calibrant.metrics.soft_labels import stamped
from calibrant.metrics.views import views


@dataclass(frozen=True, eq=False)
class CumulativeCurve:
    """Cumulative differences, one point a distinct probability after the start at (0, 0).

    Attributes
    ----------
    share : float64 array, (g + 1,)
        Share of the rows with at most this probability, from 0 to 1.
    difference : float64 array, (g + 1,)
        Σ (correct - confidence) over those rows, divided by n: where it falls, confidence exceeds accuracy.
    deviation : float
        Standard deviation of the last difference under perfect calibration.
    convention : Convention
        Whose probability it is.
    """

    share: Floats
    difference: Floats
    deviation: float
    convention: Convention


def cumulative_curve(
    predictions: Measurable,
    *,
    notion: Notion = "top-label",
    class_index: int | None = None,
    engine: Engine | None = None,
) -> CumulativeCurve:
    """Return the cumulative differences of the top label, or of one class.

    Parameters
    ----------
    predictions : Predictions
        Rows to measure.
    notion : {"top-label", "one-class"}
        Whose probability.
    class_index : int, optional
        The class of "one-class".
    engine : Engine, optional
        What runs the passes over the rows.

    Raises
    ------
    InvalidArgument
        The notion "class-wise".
    EmptyPredictions
        All rows weigh 0.

    Notes
    -----
    Arrieta-Ibarra, Gujral, Tannen, Tygert & Xu, Metrics of calibration for probabilistic predictions, JMLR
    2022. Rows of equal probability are added together.

    Examples
    --------
    >>> from calibrant.predictions import Predictions
    >>> rows = Predictions.from_probs([0.25, 0.25, 0.75, 0.75], [0, 1, 1, 1])
    >>> curve = cumulative_curve(rows, notion="one-class", class_index=1)
    >>> curve.share.tolist(), curve.difference.tolist()
    ([0.0, 0.5, 1.0], [0.0, 0.125, 0.25])
    """
    if notion == "class-wise":
        raise InvalidArgument("a curve needs the notion 'top-label' or 'one-class', not 'class-wise'.")
    rows = as_rows(predictions, engine)
    (view,) = views(rows, notion, class_index, name="a cumulative curve")
    tally = view.tally()
    total = tally.weight.sum()
    steps = (tally.weight, tally.events - tally.weight * tally.values)
    share, difference = (np.concatenate(([0.0], np.cumsum(step) / total)) for step in steps)
    convention = Convention(
        "cumulative difference of outcome and probability, / n", rows.n, notion, class_index
    )
    return CumulativeCurve(share, difference, walk_of(tally).deviation, stamped(convention, rows))
