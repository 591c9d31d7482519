"""Checks of the arguments that several calibrators share, from a caller or from a stored file.

Each returns what it accepts, so that a constructor reads as a list of assignments.
"""

from __future__ import annotations

import sys
from typing import Any, Literal, TypeVar

from calibrant.errors import InvalidArgument
from calibrant.printable import shown

_LARGEST = sys.float_info.max
_Choice = TypeVar("_Choice", bound=str)

Mode = Literal["one-vs-rest", "top-label"]
MODES: tuple[Mode, ...] = ("one-vs-rest", "top-label")


def check_choice(name: str, value: Any, choices: tuple[_Choice, ...]) -> _Choice:
    """Return `value` if it is one of `choices`, or raise `InvalidArgument`."""
    for choice in choices:
        if value == choice:
            return choice
    raise InvalidArgument(f"{name} must be one of {', '.join(map(repr, choices))}; got {shown(repr(value))}.")


def check_count(name: str, value: Any, *, least: int = 1) -> int:
    """Return a whole number, at least `least`, or raise `InvalidArgument`."""
    if type(value) is not int or value < least:
        raise InvalidArgument(f"{name} must be a whole number, at least {least}; got {shown(repr(value))}.")
    return value


def check_amount(name: str, value: Any) -> float:
    """Return a finite number ≥ 0, or raise `InvalidArgument`."""
    if isinstance(value, bool) or not isinstance(value, int | float) or not 0 <= value <= _LARGEST:
        raise InvalidArgument(f"{name} must be a finite number, at least 0; got {shown(repr(value))}.")
    return float(value)
