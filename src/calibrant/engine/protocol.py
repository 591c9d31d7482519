"""What every engine does: visit rows, sum what blocks of rows return, go over parts of a table.

No engine is defined here.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from typing import Protocol, TypeVar

from calibrant._typing import Floats

RowWork = Callable[[int, int], None]
"""`work(start, stop)` handles rows start..stop-1 and writes where it likes, apart from other rows."""

BlockSums = Callable[[int, int, Floats], None]
"""`sums(start, stop, out)` adds up rows start..stop-1 into the vector `out`, which comes as zeros.

It is called once for every block, and may also write as `RowWork` does.
"""


T = TypeVar("T")
T_co = TypeVar("T_co", covariant=True)
R = TypeVar("R")


class Part(Protocol[T_co]):
    """A part of a table that is in memory, in a file, or elsewhere."""

    def read(self) -> T_co:
        """Return its rows."""
        ...


class Engine(Protocol):
    """Runs row work, and sums over rows whose bits do not depend on how many workers there are."""

    def for_rows(self, work: RowWork, rows: int, columns: int) -> None:
        """Call `work` until every one of `rows` rows, `columns` scores each, was visited once."""
        ...

    def sum_rows(self, sums: BlockSums, rows: int, columns: int, width: int) -> Floats:
        """Return the sum of the `width`-vectors of all blocks, merged in block order."""
        ...

    def over_parts(self, work: Callable[[T, Engine], R], parts: Sequence[Part[T]]) -> Iterator[R]:
        """Yield what `work` returns of each part, in the order of the parts, whoever is ready first.

        `work` is handed the engine that is to go over the rows of its part.
        """
        ...
