"""What is made of the rows of every part, for sums that are asked for many times.

Where the rows are in memory it is made once and kept; elsewhere, anew whenever a part is read.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from functools import partial, reduce
from operator import add
from typing import Any, Generic, Protocol, Self, TypeVar

from calibrant._typing import Floats
from calibrant.engine import DEFAULT_ENGINE, Engine, Part
from calibrant.errors import EmptyPredictions


class Mergeable(Protocol):
    """What is left of some rows, and can be put together with what is left of others."""

    def merge(self, other: Self, /) -> Self:
        """Return what is left of both sets of rows."""
        ...


T = TypeVar("T")
M = TypeVar("M", bound=Mergeable)
U = TypeVar("U")
R = TypeVar("R")


@dataclass(frozen=True, eq=False, slots=True)
class Held(Generic[T]):
    """What was made of a part, in memory."""

    made: T

    def read(self) -> T:
        """Return it."""
        return self.made


@dataclass(frozen=True, eq=False, slots=True)
class Derived(Generic[T]):
    """Parts, the engine that goes over them, and what is made of each before it is worked on.

    Attributes
    ----------
    sources : sequence of Part
        What is read, one or more.
    engine : Engine
        What goes over parts and rows.
    in_memory : bool
        Whether every source is in memory.
    steps : tuple of callable
        What is made of a part, one after the other; none where everything is in memory.
    """

    sources: Sequence[Part[Any]]
    engine: Engine
    in_memory: bool
    steps: tuple[Callable[[Any, Engine], Any], ...] = ()

    def derived(self, make: Callable[[T, Engine], U]) -> Derived[U]:
        """Return what `make` makes of every part: at once where all are in memory.

        Parameters
        ----------
        make : callable
            A function of a module, or `functools.partial` of one, so that it reaches other processes.
        """
        if self.in_memory:
            return Derived(tuple(Held(made) for made in self.each(make)), self.engine, in_memory=True)
        return Derived(self.sources, self.engine, False, (*self.steps, make))

    def each(self, work: Callable[[T, Engine], R]) -> Iterator[R]:
        """Yield what `work` returns of each part, in order."""
        if not self.sources:
            raise EmptyPredictions("the table has no parts.")
        through = partial(_worked, steps=self.steps, work=work) if self.steps else work
        return self.engine.over_parts(through, self.sources)

    def total(self, work: Callable[[T, Engine], Floats]) -> Floats:
        """Return the sum of what `work` returns of the parts, added in their order."""
        return reduce(add, self.each(work))

    def merged(self, work: Callable[[T, Engine], M]) -> M:
        """Return what `work` returns of the parts, merged in their order."""
        return reduce(lambda one, other: one.merge(other), self.each(work))


def made_of(
    content: Any, *, engine: Engine = DEFAULT_ENGINE, steps: tuple[Callable[[Any, Engine], Any], ...]
) -> Any:
    """Return what the steps make of the content of a part."""
    for step in steps:
        content = step(content, engine)
    return content


def _worked(
    content: Any,
    engine: Engine,
    *,
    steps: tuple[Callable[[Any, Engine], Any], ...],
    work: Callable[[Any, Engine], R],
) -> R:
    return work(made_of(content, engine=engine, steps=steps), engine)
