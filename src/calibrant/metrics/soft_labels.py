"""What metrics do about soft labels: refuse them in words, or stamp the result with what they are.

The expectation itself needs no code of its own: an outcome between 0 and 1 goes through the same sums.
"""

from __future__ import annotations

from dataclasses import replace

from calibrant.errors import IncompatiblePredictions
from calibrant.metrics.convention import Convention
from calibrant.metrics.rows import Rows
from calibrant.predictions import SoftLabelPredictions
from calibrant.predictions.soft_label import WHAT_TO_DO


def has_soft_labels(rows: Rows) -> bool:
    """Return whether rows have counts of annotators in place of labels."""
    return isinstance(rows.source, SoftLabelPredictions)


def refuse_soft_labels(rows: Rows, name: str) -> None:
    """Raise `IncompatiblePredictions` for soft labels; `name` says what cannot be had of them."""
    if has_soft_labels(rows):
        raise IncompatiblePredictions(
            f"{name} needs one label for each row: it rests on how independent labels vary, and annotators "
            f"of one row agree more than that. These rows have counts of annotators. {WHAT_TO_DO}"
        )


def stamped(convention: Convention, rows: Rows) -> Convention:
    """Return the convention, with soft labels named where the rows have them."""
    return replace(convention, labels="soft") if has_soft_labels(rows) else convention
