"""What a reader may do with foreign bytes: return, or raise a `CalibrantError` that a person can read."""

from __future__ import annotations

import warnings
from collections.abc import Callable
from pathlib import Path
from typing import TypeVar

from calibrant.errors import CalibrantError

Result = TypeVar("Result")

MOST_CHARACTERS = 20_000
"""No message of an error is longer; a column's name may be, and is then cut."""

_TRACES = ("Traceback (most recent call last)", '  File "')


class Finding(Exception):
    """Something that no input may bring about, besides exceptions that are no `CalibrantError`."""


def attempt(action: Callable[[], Result]) -> Result | None:
    """Return what the action returns, or None where it refuses in words.

    Raises
    ------
    Finding
        It refuses without words, with a traceback or with a book, or warns.
    """
    with warnings.catch_warnings(record=True) as warned:
        warnings.simplefilter("always")
        try:
            result = action()
        except CalibrantError as error:
            _check_message(error)
            result = None
    if warned:
        where = f"{Path(warned[0].filename).name}:{warned[0].lineno}"
        raise Finding(f"{where} warns the user: {warned[0].category.__name__}: {warned[0].message}")
    return result


def printable(text: str) -> None:
    """Raise where a text cannot be printed or written as UTF-8."""
    text.encode("utf-8")


def _check_message(error: CalibrantError) -> None:
    text = str(error)
    if not text.strip():
        raise Finding(f"{type(error).__name__} says nothing") from error
    if any(trace in text for trace in _TRACES):
        raise Finding(f"{type(error).__name__} shows a traceback") from error
    if len(text) > MOST_CHARACTERS:
        raise Finding(f"{type(error).__name__} has {len(text)} characters") from error
