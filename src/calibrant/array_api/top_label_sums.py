"""The sums of a block that know only each row's top label, true label and losses, and what they come to."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from calibrant._typing import Floats
from calibrant.array_api.bins import SUMS, bin_sums, binned_error
from calibrant.array_api.row_scores import RowScores

_MEANS = 6


@dataclass(frozen=True, slots=True)
class TopLabelValues:
    """Means over rows, the calibration errors of the top label, and how many rows the log-loss floors."""

    accuracy: float
    mean_confidence: float
    nll: float
    brier: float
    ece: float
    mce: float
    rmsce: float
    floored_rows: int


def top_label_sums(xp: Any, rows: RowScores, weight: Any, bins: int) -> Any:
    """Return weight, weighted means, floored rows and bins as one vector of `top_label_width(bins)`."""
    means = [
        weight,
        xp.where(rows.correct, weight, 0.0),
        weight * rows.confidence,
        weight * rows.nll,
        weight * rows.brier,
        xp.astype(rows.floored, weight.dtype),
    ]
    binned = bin_sums(xp, rows.confidence[:, None], rows.correct[:, None], weight, bins)
    return xp.concat([xp.stack([xp.sum(mean) for mean in means]), binned])


def top_label_width(bins: int) -> int:
    """Return how many numbers `top_label_sums` returns."""
    return _MEANS + SUMS * bins


def top_label_values(sums: Floats, bins: int) -> TopLabelValues:
    """Return what the sums over all rows come to."""
    weight, correct, confidence, nll, brier, floored = sums[:_MEANS].tolist()
    ece, mce, rmsce = (float(binned_error(sums[_MEANS:], bins, norm)[0]) for norm in ("l1", "max", "l2"))
    return TopLabelValues(
        accuracy=correct / weight,
        mean_confidence=confidence / weight,
        nll=nll / weight,
        brier=brier / weight,
        ece=ece,
        mce=mce,
        rmsce=rmsce,
        floored_rows=int(floored),
    )
