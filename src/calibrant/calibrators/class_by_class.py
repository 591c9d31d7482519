"""Work on each class in turn, spread over the engine's workers.

What is done with a class is the caller's business; it must release the GIL for threads to gain from it.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import TypeVar

from calibrant.engine import Engine

_Item = TypeVar("_Item")
_Result = TypeVar("_Result")

_FEW = 1 << 18
"""So many rows in all take less time than threads that wait for one another do."""


def class_by_class(
    work: Callable[[_Item], _Result], items: Sequence[_Item], rows: int, engine: Engine
) -> tuple[_Result, ...]:
    """Return `work` of every item, in their order.

    Parameters
    ----------
    work : callable
        What is done with one item.
    items : sequence
        One for each class.
    rows : int
        Rows of each class. The classes' rows end to end are the rows that the engine visits, and a class is
        worked on with its first row.
    engine : Engine
        What runs the work.

    Examples
    --------
    >>> from calibrant.engine import LocalEngine
    >>> class_by_class(abs, [-1, 2, -3], 5000, LocalEngine(2))
    (1, 2, 3)
    """
    if rows * len(items) <= _FEW:
        return tuple(map(work, items))
    done: dict[int, _Result] = {}

    def span(start: int, stop: int) -> None:
        for index in range(-(-start // rows), -(-stop // rows)):
            done[index] = work(items[index])

    engine.for_rows(span, rows * len(items), 1)
    return tuple(done[index] for index in range(len(items)))
