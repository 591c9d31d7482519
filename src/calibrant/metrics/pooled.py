"""Counts per distinct value, pooled over parts: memory grows with the distinct values, not with the rows."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence, Sized
from typing import Generic, TypeVar

from calibrant.errors import IncompatiblePredictions

MOST_VALUES = 2**25
"""Distinct values that are held at most, 24 bytes each."""

T = TypeVar("T", bound=Sized)


def pooled(
    parts: Iterable[Sequence[T]], merge: Callable[[Sequence[T]], T], *, what: str, most: int = MOST_VALUES
) -> list[T]:
    """Return the counts of each problem, merged over the parts.

    Parameters
    ----------
    parts : iterable of sequence
        For each part the counts of every problem.
    merge : callable
        Makes one of several.
    what : str
        What needs them, for errors.
    most : int
        Most distinct values of all problems together, where there are several parts.

    Raises
    ------
    IncompatiblePredictions
        There are more.
    """
    pools: list[_Pool[T]] = []
    for number, part in enumerate(parts):
        if number == 0:
            pools = [_Pool(counts, merge) for counts in part]
            continue
        for pool, counts in zip(pools, part, strict=True):
            pool.add(counts)
        if sum(pool.held for pool in pools) > most and (held := sum(map(_distinct, pools))) > most:
            raise IncompatiblePredictions(
                f"{what} needs every distinct score at once, and the first {number + 1} parts have {held:,}; "
                f"at most {most:,} are held. Take rows of them, or a method or metric that needs sums alone."
            )
    return [pool.merged() for pool in pools]


def _distinct(pool: _Pool[T]) -> int:
    return len(pool.merged())


class _Pool(Generic[T]):
    """Counts that are merged whenever what waits has grown as large as what is merged already."""

    def __init__(self, counts: T, merge: Callable[[Sequence[T]], T]) -> None:
        self._merge = merge
        self._merged = counts
        self._waiting: list[T] = []
        self.held = len(counts)

    def add(self, counts: T) -> None:
        self._waiting.append(counts)
        self.held += len(counts)
        if self.held > 2 * len(self._merged):
            self.merged()

    def merged(self) -> T:
        if self._waiting:
            self._merged = self._merge((self._merged, *self._waiting))
            self._waiting = []
            self.held = len(self._merged)
        return self._merged
