"""`evaluate`: the metrics of `calibrant.evaluate`, of arrays on their device, in one walk over the rows.

Intervals and chance levels, which draw or sort rows, are left to `calibrant.evaluate`.
"""

from __future__ import annotations

from dataclasses import asdict, dataclass
from typing import Any

from calibrant._typing import Kind
from calibrant.array_api.bins import bin_sums, binned_error, check_bins
from calibrant.array_api.checks import check_rows
from calibrant.array_api.row_scores import row_scores
from calibrant.array_api.rows import Block
from calibrant.array_api.top_label_sums import (
    TopLabelValues,
    top_label_sums,
    top_label_values,
    top_label_width,
)
from calibrant.metrics.convention import DEFAULT_BINS


@dataclass(frozen=True, slots=True)
class ArrayEvaluation(TopLabelValues):
    """The metrics of some rows, under the conventions and names of `calibrant.evaluate`.

    Attributes
    ----------
    accuracy, mean_confidence : float
        Fractions.
    nll, brier : float
        Nats; Σ (p - onehot)², 0 to 2.
    ece, mce, rmsce : float
        Of the top label.
    floored_rows : int
        Rows whose true class has a probability of 2⁻¹²⁶ or less.
    classwise_ece : float
        Mean over classes of the one-against-rest ECE.
    ece_positive : float or None
        That of class 1, where there are two.
    n, k : int
        Rows and classes.
    """

    classwise_ece: float
    ece_positive: float | None
    n: int
    k: int


def evaluate(
    scores: Any,
    labels: Any,
    *,
    kind: Kind = "logits",
    sample_weight: Any | None = None,
    bins: int = DEFAULT_BINS,
) -> ArrayEvaluation:
    """Measure scores where they are.

    Parameters
    ----------
    scores : array, (n, k), (n,) or (n, 1)
        Logits or probabilities; binary ones of the positive class.
    labels : integer or bool array, (n,)
        True classes, 0..k-1.
    kind : {"logits", "probs"}
        What the scores are.
    sample_weight : array, (n,), optional
        A weight of 2 counts as the row twice.
    bins : int
        Number of equal-width bins (lo, hi].

    Raises
    ------
    InvalidPredictions
        As `Predictions` does, and for arrays of several libraries or devices.
    InvalidArgument
        A kind that does not exist, or fewer than one bin.

    Examples
    --------
    >>> import numpy as np
    >>> evaluate(np.array([[2.0, 0.0], [0.5, 1.0], [3.0, 0.0]]), np.array([0, 1, 1])).accuracy
    0.6666666666666666
    """
    bins = check_bins(bins)
    rows = check_rows(scores, labels, kind=kind, sample_weight=sample_weight)
    xp = rows.library.xp

    def sums(block: Block) -> Any:
        scored = row_scores(rows.library, block, kind)
        classes = bin_sums(xp, scored.probs, block.is_label, block.weight, bins)
        return xp.concat([top_label_sums(xp, scored, block.weight, bins), classes])

    total, width = rows.sum(sums), top_label_width(bins)
    classes = binned_error(total[width:], bins, "l1")
    return ArrayEvaluation(
        **asdict(top_label_values(total[:width], bins)),
        classwise_ece=float(classes.mean()),
        ece_positive=float(classes[1]) if rows.k == 2 else None,
        n=rows.n,
        k=rows.k,
    )
