"""`calibration_error`: one of the binned errors alone, in bins of one's own choice."""

from __future__ import annotations

from typing import Any, Literal

from calibrant._typing import Kind
from calibrant.array_api.bins import bin_sums, binned_error, check_bins
from calibrant.array_api.checks import check_rows
from calibrant.array_api.row_scores import row_scores
from calibrant.array_api.rows import Block
from calibrant.errors import InvalidArgument
from calibrant.metrics.convention import DEFAULT_BINS, Norm


def calibration_error(
    scores: Any,
    labels: Any,
    *,
    kind: Kind = "logits",
    sample_weight: Any | None = None,
    notion: Literal["top-label", "class-wise"] = "top-label",
    bins: int = DEFAULT_BINS,
    norm: Norm = "l1",
) -> float:
    """Return the ECE ("l1"), RMSCE ("l2") or MCE ("max") over equal-width bins (lo, hi].

    Parameters and errors as in `evaluate`; the class-wise error is the mean over classes.

    Examples
    --------
    >>> import numpy as np
    >>> probs, labels = np.array([0.95, 1.0]), np.array([1, 0])
    >>> round(calibration_error(probs, labels, kind="probs", bins=10), 6)
    0.475
    """
    if notion not in ("top-label", "class-wise"):
        raise InvalidArgument(f"notion must be 'top-label' or 'class-wise'; got {notion!r}.")
    bins = check_bins(bins)
    rows = check_rows(scores, labels, kind=kind, sample_weight=sample_weight)
    xp = rows.library.xp

    def sums(block: Block) -> Any:
        scored = row_scores(rows.library, block, kind)
        if notion == "class-wise":
            return bin_sums(xp, scored.probs, block.is_label, block.weight, bins)
        return bin_sums(xp, scored.confidence[:, None], scored.correct[:, None], block.weight, bins)

    return float(binned_error(rows.sum(sums), bins, norm).mean())
