"""The local engine: fixed blocks of rows over a pool of threads, merged in block order.

Kernels must release the GIL to gain from it. Small work stays in the calling thread.
"""

from __future__ import annotations

import os
from collections import deque
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from threading import Lock

import numpy as np

from calibrant._typing import Floats
from calibrant.engine.protocol import BlockSums, Engine, Part, R, RowWork, T
from calibrant.errors import InvalidArgument

ROWS_PER_BLOCK = 4096
ROWS_PER_WIDE_BLOCK = 1024
_WIDE = 4096
_SMALL = 1 << 17
_PARTIAL_VALUES = 1 << 20
_MOST_AHEAD = 4
"""Parts in memory beside the one that is worked on."""


class LocalEngine:
    """Runs kernels on the cores of this machine.

    Parameters
    ----------
    threads : int, optional
        How many threads; by default OMP_NUM_THREADS, else the cores this process may use.
    """

    def __init__(self, threads: int | None = None) -> None:
        if threads is not None and threads < 1:
            raise InvalidArgument(f"threads must be at least 1; got {threads}.")
        self.threads = threads
        self._pool: tuple[int, ThreadPoolExecutor] | None = None
        self._lock = Lock()

    def for_rows(self, work: RowWork, rows: int, columns: int) -> None:
        """Call `work(start, stop)` on spans that cover all rows once, across the threads."""
        spans = list(_spans(rows, ROWS_PER_BLOCK, self._spans_wanted(rows, columns)))
        if len(spans) == 1:
            work(*spans[0])
            return
        for _ in self._executor().map(lambda span: work(*span), spans):
            pass

    def sum_rows(self, sums: BlockSums, rows: int, columns: int, width: int) -> Floats:
        """Return the blocks' vectors summed in block order: the same bits for any number of threads.

        Blocks have 4,096 rows; 1,024 where a vector has more than 4,096 numbers, since such rows cost more.
        """
        total = np.zeros(width)
        size = ROWS_PER_WIDE_BLOCK if width > _WIDE else ROWS_PER_BLOCK
        if rows <= size:
            sums(0, rows, total)
            return total
        least = max(1, (rows * width) // (size * _PARTIAL_VALUES))
        spans = list(_spans(rows, size, max(least, self._spans_wanted(rows, columns))))

        def partials(span: tuple[int, int]) -> Floats:
            starts = range(span[0], span[1], size)
            out = np.zeros((len(starts), width))
            for row, start in zip(out, starts, strict=True):
                sums(start, min(start + size, span[1]), row)
            return out

        results = map(partials, spans) if len(spans) == 1 else self._executor().map(partials, spans)
        for span_result in results:
            for block in span_result:
                total += block
        return total

    def over_parts(self, work: Callable[[T, Engine], R], parts: Sequence[Part[T]]) -> Iterator[R]:
        """Yield what `work` returns of each part, in order; those after it are read meanwhile."""
        if len(parts) == 1:
            yield work(parts[0].read(), self)
            return
        ahead = min(self._thread_count(), _MOST_AHEAD, len(parts))
        # Readers of their own: the pool of threads is busy with the rows of the part before.
        with ThreadPoolExecutor(max(ahead, 1), "calibrant-reader") as readers:
            reading = deque(readers.submit(part.read) for part in parts[:ahead])
            for number in range(len(parts)):
                rows = reading.popleft().result()
                if number + ahead < len(parts):
                    reading.append(readers.submit(parts[number + ahead].read))
                yield work(rows, self)

    def _spans_wanted(self, rows: int, columns: int) -> int:
        if rows * columns <= _SMALL:
            return 1
        threads = self._thread_count()
        return 1 if threads == 1 else 4 * threads

    def _thread_count(self) -> int:
        if self.threads is not None:
            return self.threads
        asked = os.environ.get("OMP_NUM_THREADS", "")
        return int(asked) if asked.isdecimal() and int(asked) > 0 else _usable_cores()

    def _executor(self) -> ThreadPoolExecutor:
        """Return the pool of this process: a forked child must not wait for its parent's threads."""
        with self._lock:
            if self._pool is None or self._pool[0] != os.getpid():
                self._pool = (os.getpid(), ThreadPoolExecutor(self._thread_count(), "calibrant"))
            return self._pool[1]


def _spans(rows: int, size: int, wanted: int) -> Iterator[tuple[int, int]]:
    """Cut `rows` at borders of blocks of a size into at most `wanted` spans of nearly equal length."""
    blocks = -(-rows // size)
    wanted = max(1, min(wanted, blocks))
    for index in range(wanted):
        start = (blocks * index // wanted) * size
        stop = min((blocks * (index + 1) // wanted) * size, rows)
        yield start, stop


def _usable_cores() -> int:
    if hasattr(os, "sched_getaffinity"):
        return len(os.sched_getaffinity(0))
    return os.cpu_count() or 1


DEFAULT_ENGINE = LocalEngine()
