"""Calibrators on files of the top label alone: the two-class problem whether the top label is right.

Only methods that read one probability take part; the others need the scores of all classes.
"""

from __future__ import annotations

from calibrant.errors import IncompatiblePredictions

ONE_DIMENSIONAL = (
    "platt",
    "beta",
    "quadratic",
    "histogram",
    "isotonic",
    "bbq",
    "spline",
    "scaling_binning",
    "venn_abers",
    "identity",
)
"""Methods that calibrate one probability by itself."""


def check_one_dimensional(method: str) -> None:
    """Raise `IncompatiblePredictions` for a method that needs more than the top label's confidence."""
    if method not in ONE_DIMENSIONAL:
        raise IncompatiblePredictions(
            f"{method} needs the scores of all classes; these rows have only the confidence of the top "
            f"label. Choose with --method from {', '.join(ONE_DIMENSIONAL)}."
        )
