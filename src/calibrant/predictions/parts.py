"""Parts of a table other than files: in memory, changed on their way to the reader, kept once they were read.

Whoever goes over a table asks for rows; only an engine that sends parts elsewhere looks at what they are.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, Generic, TypeVar, final

from calibrant.engine import Part, Room
from calibrant.predictions.predictions import Predictions

S = TypeVar("S")
T = TypeVar("T")


@final
@dataclass(frozen=True, eq=False, slots=True, weakref_slot=True)
class Whole:
    """A part that is in memory."""

    rows: Predictions

    def read(self) -> Predictions:
        """Return the rows."""
        return self.rows


@final
@dataclass(frozen=True, eq=False, slots=True)
class Changed(Generic[S, T]):
    """A part whose rows are changed whenever it is read."""

    part: Part[S]
    change: Callable[[S], T]

    def read(self) -> T:
        """Read the part and change it."""
        return self.change(self.part.read())


@final
class Kept:
    """A part whose rows stay in memory once they have been read, where there is room for them.

    They stay for as long as the part itself, and never go to another process with it: an engine that works
    elsewhere keeps them there.

    Parameters
    ----------
    part : Part
        What is read.
    room : Room
        For this and other parts.
    """

    def __init__(self, part: Part[Predictions], room: Room) -> None:
        self.part = part
        self.room = room
        self._rows: Predictions | None = None

    def read(self) -> Predictions:
        """Return the rows, from memory or from the part."""
        if self._rows is not None:
            return self._rows
        rows = self.part.read()
        if self.room.take(rows.nbytes):
            self._rows = rows
        return rows


def origin(part: Part[Any]) -> Part[Any]:
    """Return what is read in the end, under whatever changes or keeps it."""
    while isinstance(part, Changed | Kept):
        part = part.part
    return part
