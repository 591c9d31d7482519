"""A test of perfect calibration: how often labels drawn from these probabilities look as bad.

It says whether there is an error, not how large: for that, read the interval beside it.
"""

from __future__ import annotations

from typing import Literal

import numpy as np

from calibrant._typing import Floats
from calibrant.analysis.calibrated_draws import (
    CELLS_PER_BIN,
    CalibratedDraws,
    draw_calibrated,
    equal_width_cells,
    view_of,
)
from calibrant.analysis.class_draws import draw_classes
from calibrant.analysis.drawn_errors import squared_of
from calibrant.errors import InvalidArgument
from calibrant.metrics.bins import bin_classes, equal_width_edges
from calibrant.metrics.convention import DEFAULT_BINS, Notion
from calibrant.metrics.cumulative_significance import cumulative_test
from calibrant.metrics.gaps import calibration_error
from calibrant.metrics.rows import Measurable, Rows, as_rows
from calibrant.metrics.significance import SignificanceTest

Statistic = Literal["l2-debiased", "ece", "kuiper", "ks"]
REPLICATES = 1000
_ONE_ROW = 1.5
_STATISTICS = {
    "l2-debiased": "the debiased squared L2 calibration error, bins of one row left out",
    "ece": "the plug-in ECE",
}


def calibration_test(
    predictions: Measurable,
    *,
    statistic: Statistic = "l2-debiased",
    notion: Notion = "top-label",
    class_index: int | None = None,
    bins: int = DEFAULT_BINS,
    replicates: int = REPLICATES,
    seed: int = 0,
) -> SignificanceTest:
    """Test that every probability is the frequency of its event.

    Parameters
    ----------
    predictions : Predictions
        Rows to test. A weight of w counts as w rows.
    statistic : {"l2-debiased", "ece", "kuiper", "ks"}
        An error of equal-width bins, its law simulated; or a cumulative one, free of bins, its law
        asymptotic (`cumulative_test`).
    notion : {"top-label", "one-class", "class-wise"}
        Whose probability. "class-wise" tests those of all classes at once, with labels drawn one a row.
    class_index : int, optional
        The class of "one-class".
    bins : int
        Number of bins, where there are any.
    replicates, seed : int
        Of the simulation. With R replicates no p-value is below 1/(R + 1).

    Returns
    -------
    SignificanceTest
        For bins, p = (1 + replicates with a statistic at least as large) / (1 + R): the test of level α
        rejects calibrated rows at most α of the time.

    Notes
    -----
    Vaicenavicius et al., Evaluating model calibration in classification, AISTATS 2019 (consistency
    resampling); the debiased statistic as in Lee, Huang, Hassani & Dobriban, T-Cal, JMLR 2023.

    Examples
    --------
    >>> from calibrant.predictions import Predictions
    >>> rows = Predictions.from_probs([0.9] * 100, [1] * 70 + [0] * 30)
    >>> round(calibration_test(rows).p_value, 3)
    0.001
    """
    rows = as_rows(predictions)
    if notion == "class-wise":
        return _of_all_classes(rows, statistic, bins, replicates, seed)
    values, correct = view_of(rows, notion, class_index)
    if statistic in ("kuiper", "ks"):
        form: Literal["range", "maximum"] = "range" if statistic == "kuiper" else "maximum"
        return cumulative_test(rows, form=form, notion=notion, class_index=class_index)
    if statistic not in _STATISTICS:
        raise InvalidArgument(f"statistic must be 'l2-debiased', 'ece', 'kuiper' or 'ks'; got {statistic!r}.")
    return calibration_test_of_cells(
        equal_width_cells(rows, values, correct, bins),
        statistic=statistic,
        weighted=rows.weight.size > 0,
        replicates=replicates,
        seed=seed,
    )


def calibration_test_of_cells(
    cells: Floats,
    *,
    statistic: Statistic = "l2-debiased",
    weighted: bool,
    replicates: int = REPLICATES,
    seed: int = 0,
) -> SignificanceTest:
    """Return the test by the statistic of bins, whose 64 cells each, (64 m, 4), are summed already."""
    bins = len(cells) // CELLS_PER_BIN
    drawn = draw_calibrated(cells, replicates, np.random.default_rng(seed), weighted=weighted)
    right = cells[:, 3].reshape(bins, -1).sum(axis=1)[drawn.index]
    measure = _ece if statistic == "ece" else _squared_error
    observed = float(measure(right[None], drawn)[0])
    return _compared(observed, measure(drawn.correct, drawn), _STATISTICS[statistic], bins)


def _of_all_classes(
    rows: Rows, statistic: Statistic, bins: int, replicates: int, seed: int
) -> SignificanceTest:
    if statistic not in _STATISTICS:
        raise InvalidArgument(
            f"class-wise, statistic must be 'l2-debiased' or 'ece'; got {statistic!r}. The cumulative ones "
            "are of one probability a row: ask for one class at a time."
        )
    state = bin_classes(rows, equal_width_edges(bins))
    drawn = draw_classes(rows, state, replicates, seed)
    words = f"mean over classes of {_STATISTICS[statistic]}"
    if statistic == "ece":
        return _compared(float(calibration_error(state, "l1").mean()), drawn.ece, words, bins)
    return _compared(squared_of(state), drawn.squared, words, bins)


def _compared(observed: float, drawn: Floats, statistic: str, bins: int) -> SignificanceTest:
    # A replicate equal to the observed but for rounding counts as at least as large.
    as_large = int(np.count_nonzero(drawn >= observed - 1e-12))
    return SignificanceTest(
        statistic=observed,
        p_value=(1 + as_large) / (1 + len(drawn)),
        null="every probability is the frequency of its event, rows independent",
        method=f"{statistic}, {bins} equal-width bins, {len(drawn)} simulated sets of labels",
    )


def _ece(right: Floats, drawn: CalibratedDraws) -> Floats:
    return np.asarray(np.abs(right - drawn.confidence).sum(axis=1) / drawn.weight.sum())


def _squared_error(right: Floats, drawn: CalibratedDraws) -> Floats:
    used = drawn.weight >= _ONE_ROW
    weight, confidence = drawn.weight[used], drawn.confidence[used]
    accuracy = right[:, used] / weight
    chance = np.maximum(accuracy * (1 - accuracy), 0.0) / (weight - 1)
    errors = (accuracy - confidence / weight) ** 2 - chance
    return np.asarray(errors @ weight / max(float(weight.sum()), _ONE_ROW))
