"""What runs on a worker: reading a part, and working on one.

A task has one thread: a worker runs as many tasks at once as it has threads. What is wrong with the rows is
an answer like any other, so that no worker logs it and it reaches the caller as it is.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, Generic, TypeVar

from dask.sizeof import sizeof

from calibrant._version import __version__
from calibrant.engine import Engine, LocalEngine, Part
from calibrant.errors import CalibrantError
from calibrant.predictions import Whole

R = TypeVar("R")

Changes = tuple[Callable[[Any], Any], ...]
"""What becomes of the rows of a part, one change after the other."""

_ONE_THREAD = LocalEngine(1)


@dataclass(frozen=True, eq=False, slots=True)
class Unreadable:
    """A part that could not be read."""

    error: CalibrantError

    def read(self) -> Any:
        """Raise what was wrong."""
        raise self.error


@dataclass(frozen=True, eq=False, slots=True)
class Answer(Generic[R]):
    """What the work returned, and the bytes of its part where a worker holds that."""

    result: R
    held: int


def read_part(part: Part[Any], changes: Changes) -> Whole | Unreadable:
    """Read a part, so that the worker holds its rows."""
    try:
        return Whole(_rows(part, changes))
    except CalibrantError as error:
        return Unreadable(error.with_traceback(None))


def work_on_part(
    part: Part[Any], changes: Changes, work: Callable[[Any, Engine], R]
) -> Answer[R] | CalibrantError:
    """Work on the rows of a part."""
    try:
        result = work(_rows(part, changes), _ONE_THREAD)
    except CalibrantError as error:
        return error.with_traceback(None)
    return Answer(result, part.rows.nbytes if isinstance(part, Whole) else 0)


def version() -> str:
    """Return the version of calibrant here."""
    return __version__


def _rows(part: Part[Any], changes: Changes) -> Any:
    rows = part.read()
    for change in changes:
        rows = change(rows)
    return rows


@sizeof.register(Whole)
def _bytes_of_rows(part: Whole) -> int:
    """Tell Dask what a part costs to hold and to send, so that work goes to where the part is."""
    return part.rows.nbytes
