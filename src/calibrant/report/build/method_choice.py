"""Which methods a report compares where nobody says: all, or those that are quick on so many scores."""

from __future__ import annotations

from collections.abc import Sequence

from calibrant.calibrators import CALIBRATORS, AutoCalibrator

QUICK = (
    "identity",
    "temperature",
    "ensemble_temperature",
    "structured_vector",
    "structured_matrix",
    "top_label_histogram",
    "histogram",
    "isotonic",
)
"""Fitted within a second or so where there are hundreds of thousands of scores."""

_LEAST = ("identity", "temperature")
_FEW, _MANY = 200_000, 2_000_000
_LEFT_OUT = (
    "not tried: its fit takes long on so many rows and classes, and a report shall not wait for it. "
    "Name it, or all, with --methods"
)


def methods_to_compare(rows: int, classes: int, asked: Sequence[str] | None) -> tuple[str, ...]:
    """Return the methods to fit on so many validation rows: those asked for, or a choice by size.

    The automatic choice is left to those who ask: it fits again what is in the table already.

    Examples
    --------
    >>> len(methods_to_compare(5000, 10, None)), len(methods_to_compare(5000, 100, None))
    (20, 8)
    >>> methods_to_compare(25_000, 1000, None)
    ('identity', 'temperature')
    """
    if asked is not None:
        return tuple(asked)
    if rows * classes <= _FEW:
        return tuple(name for name in CALIBRATORS if name != AutoCalibrator.method)
    return QUICK if rows * classes <= _MANY else _LEAST


def left_out(compared: Sequence[str], asked: Sequence[str] | None) -> dict[str, str]:
    """Return the methods that were not tried though nobody ruled them out, and why."""
    if asked is not None:
        return {}
    return {name: _LEFT_OUT for name in CALIBRATORS if name not in compared}
