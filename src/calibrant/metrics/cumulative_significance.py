"""p-values of the cumulative calibration errors, from the Brownian motion that they tend to.

The errors themselves are `ks_error` and `kuiper_error`.
"""

from __future__ import annotations

from calibrant.engine import Engine
from calibrant.errors import InvalidArgument
from calibrant.metrics.brownian import farthest_tail, range_tail
from calibrant.metrics.convention import Notion
from calibrant.metrics.cumulative import DEFINITIONS, Form, walk_of
from calibrant.metrics.rows import Measurable, as_rows
from calibrant.metrics.significance import SignificanceTest
from calibrant.metrics.soft_labels import refuse_soft_labels
from calibrant.metrics.views import views

_METHODS = {
    "maximum": "largest distance from 0 of a Brownian motion on [0, 1], asymptotic",
    "range": "range of a Brownian motion on [0, 1], asymptotic",
}


def cumulative_test(
    predictions: Measurable,
    *,
    form: Form = "maximum",
    notion: Notion = "top-label",
    class_index: int | None = None,
    engine: Engine | None = None,
) -> SignificanceTest:
    """Test perfect calibration by the distance of `CumulativeError` over its deviation σ.

    Parameters
    ----------
    predictions : Predictions
        Rows to test.
    form : {"maximum", "range"}
        Kolmogorov-Smirnov's or Kuiper's distance.
    notion : {"top-label", "one-class"}
        Whose probability.
    class_index : int, optional
        The class of "one-class".
    engine : Engine, optional
        What runs the passes over the rows.

    Returns
    -------
    SignificanceTest
        Statistic distance/σ, σ² = Σ confidence_i (1 - confidence_i)/n². If every confidence is 0 or 1,
        calibration leaves nothing to vary: the statistic is None and the p-value 1 or, if a row
        contradicts it, 0.

    Raises
    ------
    InvalidArgument
        The notion "class-wise", whose distances are not independent.

    Notes
    -----
    Arrieta-Ibarra et al., JMLR 2022. Asymptotic in n; ties make it err towards large p-values.

    Examples
    --------
    >>> from calibrant.predictions import Predictions
    >>> rows = Predictions.from_probs([0.9] * 100, [1] * 70 + [0] * 30)
    >>> tested = cumulative_test(rows)
    >>> round(tested.statistic, 3), tested.p_value < 1e-9
    (6.667, True)
    """
    if notion == "class-wise":
        raise InvalidArgument("the test needs the notion 'top-label' or 'one-class', not 'class-wise'.")
    if form not in DEFINITIONS:
        raise InvalidArgument(f"form must be 'maximum' or 'range'; got {form!r}.")
    rows = as_rows(predictions, engine)
    refuse_soft_labels(rows, "a test of calibration")
    (view,) = views(rows, notion, class_index, name="a test of calibration")
    walk = walk_of(view.tally())
    distance = walk.distance(form)
    null = "every probability is the frequency of its event, rows independent"
    if walk.deviation == 0:
        return SignificanceTest(None, 1.0 if distance == 0 else 0.0, null, _METHODS[form])
    statistic = distance / walk.deviation
    tail = range_tail if form == "range" else farthest_tail
    return SignificanceTest(statistic, tail(statistic), null, _METHODS[form])
