"""The Dask engine: work goes to the workers of a cluster, results come back in the order of the parts.

What is summed over a part there, the local engine of one thread sums: the bits are those of one machine.
"""

from __future__ import annotations

import weakref
from collections import deque
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import CancelledError
from contextlib import contextmanager
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from calibrant._typing import Floats
from calibrant.engine import Engine, LocalEngine, Part, Room
from calibrant.engine.protocol import BlockSums, R, RowWork, T
from calibrant.errors import ClusterUnavailable, InvalidArgument
from calibrant.predictions import Changed, Held, Kept, Whole, origin
from calibrant.scale.library import distributed

if TYPE_CHECKING:
    from distributed import Client, Future

PATIENCE = 60.0
"""Seconds between two looks at whether there are workers; at the second without any, work is given up."""

_TASKS_PER_THREAD = 2
_ANY_SIZE = 1 << 62
_UNLIMITED = 4 << 30


class DaskEngine:
    """Sends the work on each part to the workers of a Dask cluster.

    A worker runs as many parts at once as it has threads, each in one thread. Two tasks a thread are under
    way at any time, so neither tasks nor results pile up, however many parts there are.

    Parts that are kept (`Table.kept`), and parts in memory here, stay in the memory of the workers for as
    long as the table, and the work goes to where they are. Dask reads or sends those of a lost worker again.

    Parameters
    ----------
    client : distributed.Client
        Connected to the cluster.
    threads : int, optional
        Of this process, for rows in one part in memory here, which are worked on here; by default as many as
        the local engine takes.
    keep : float
        How much of the workers' memory, as a fraction of their limits, parts may stay in; a worker without a
        limit counts as 4 GiB. Parts for which there is no room are read on every pass.

    Examples
    --------
    >>> from calibrant import TemperatureScaling
    >>> from calibrant.io import table
    >>> with connected("tcp://scheduler:8786") as client:  # doctest: +SKIP
    ...     TemperatureScaling().fit(table("parts/", engine=DaskEngine(client)))
    """

    def __init__(self, client: Client, *, threads: int | None = None, keep: float = 0.5) -> None:
        if not 0 <= keep <= 1:
            raise InvalidArgument(f"keep must be a fraction between 0 and 1; got {keep!r}.")
        self._client = client
        self._here = LocalEngine(threads)
        self._keep = keep
        self._room = Room(0)
        self._full = False
        self._held: weakref.WeakKeyDictionary[Kept | Whole, Future[Any]] = weakref.WeakKeyDictionary()

    def for_rows(self, work: RowWork, rows: int, columns: int) -> None:
        """Go over rows in memory here, on the threads of this process."""
        self._here.for_rows(work, rows, columns)

    def sum_rows(self, sums: BlockSums, rows: int, columns: int, width: int) -> Floats:
        """Sum over rows in memory here, on the threads of this process."""
        return self._here.sum_rows(sums, rows, columns, width)

    def over_parts(self, work: Callable[[T, Engine], R], parts: Sequence[Part[T]]) -> Iterator[R]:
        """Yield what `work` returns of each part, in order.

        Raises
        ------
        CalibrantError
            What the work, or reading a part, raised on a worker.
        ClusterUnavailable
            The scheduler is gone, or a part killed every worker that tried it.
        """
        if len(parts) == 1 and isinstance(origin(parts[0]), Held | Whole):
            yield work(parts[0].read(), self._here)
            return
        sent: deque[_Sent] = deque()
        try:
            with _cluster_there(sent):
                under_way = self._look_at_workers()
                for part in parts:
                    sent.append(self._send(work, part))
                    if len(sent) == under_way:
                        yield self._received(sent)
                while sent:
                    yield self._received(sent)
        finally:
            # What nobody waits for any more is not accounted for, so no worker is to hold it.
            for unwanted in sent:
                self._drop(unwanted.new)

    def _look_at_workers(self) -> int:
        """Take note of the memory that there is, and return how many tasks keep all threads busy."""
        workers = self._client.scheduler_info()["workers"].values()
        self._room.size = int(self._keep * sum(each["memory_limit"] or _UNLIMITED for each in workers))
        threads = sum(int(each["nthreads"]) for each in workers)
        return _TASKS_PER_THREAD * max(threads, 1)

    def _send(self, work: Callable[[T, Engine], R], part: Part[T]) -> _Sent:
        from dask import config

        from calibrant.scale.tasks import read_part, work_on_part

        new = _holdable(part)
        if new is not None and (self._full or new in self._held):
            new = None
        # Dask warns of large tasks, but rows that are in memory here cannot reach it otherwise.
        with config.set({"distributed.admin.large-graph-warning-threshold": _ANY_SIZE}):
            if new is not None:
                unread = new if isinstance(new, Whole) else new.part
                self._held[new] = self._client.submit(read_part, *self._nearest(unread), pure=False)
            future = self._client.submit(work_on_part, *self._nearest(part), work, pure=False)
        return _Sent(future, part, new)

    def _nearest(self, part: Part[Any]) -> tuple[Future[Any] | Part[Any], tuple[Callable[[Any], Any], ...]]:
        """Return what a worker reads, or holds already, and what becomes of it on the way to the part."""
        changes: list[Callable[[Any], Any]] = []
        while True:
            if isinstance(part, Kept | Whole) and part in self._held:
                return self._held[part], tuple(reversed(changes))
            if isinstance(part, Changed):
                changes.append(part.change)
            elif not isinstance(part, Kept):
                return part, tuple(reversed(changes))
            part = part.part

    def _received(self, sent: deque[_Sent]) -> Any:
        """Wait for the first result, and take its part off what was sent."""
        first = sent[0]
        answer = self._waited_for(first.future)
        if isinstance(answer, Exception):
            raise answer
        if first.new is not None:
            self._account(first.new, answer.held)
        sent.popleft()
        return answer.result

    def _waited_for(self, future: Future[Any]) -> Any:
        """Wait for a result; where there is nobody left who could work, not for ever."""
        looks_at_nobody = 0
        while looks_at_nobody < 2:
            try:
                return future.result(timeout=PATIENCE)
            except TimeoutError:
                if future.done():  # in the meantime, or it is the work that ran out of time
                    return future.result()
                looks_at_nobody = 0 if self._client.nthreads() else looks_at_nobody + 1
        raise ClusterUnavailable(
            f"all workers of the cluster are gone, and for {PATIENCE:.0f} seconds none has come. Start new "
            "ones, then repeat the command."
        )

    def _account(self, part: Kept | Whole, size: int) -> None:
        """Let workers hold a part for as long as it is there, or drop it where there is no room."""
        if self._room.take(size):
            weakref.finalize(part, self._freed, size)
        else:
            self._full = True
            self._drop(part)

    def _drop(self, part: Kept | Whole | None) -> None:
        if part is not None:
            self._held.pop(part, None)

    def _freed(self, size: int) -> None:
        self._room.give_back(size)
        self._full = False


@dataclass(frozen=True, eq=False, slots=True)
class _Sent:
    """A part that is being worked on; `new` is what a worker will hold of it and did not before."""

    future: Future[Any]
    part: Part[Any]
    new: Kept | Whole | None


@contextmanager
def _cluster_there(sent: deque[_Sent]) -> Iterator[None]:
    """Turn the loss of a cluster into `ClusterUnavailable`; the first part of `sent` is waited for."""
    dask = distributed()
    try:
        yield
    except (CancelledError, dask.client.ClosedClientError, dask.comm.CommClosedError) as gone:
        raise ClusterUnavailable(
            "the Dask scheduler is gone, or somebody has cancelled the work. Start it again, then repeat the "
            "command."
        ) from gone
    except dask.scheduler.KilledWorker as killed:
        raise ClusterUnavailable(
            f"workers died one after the other while they worked on {_named(sent[0].part)}. Is their memory "
            "too small? Give them more, or take smaller parts."
        ) from killed


def _holdable(part: Part[Any]) -> Kept | Whole | None:
    """Return what a worker is to hold of a part, if anything."""
    while isinstance(part, Changed):
        part = part.part
    return part if isinstance(part, Kept | Whole) else None


def _named(part: Part[Any]) -> str:
    place = getattr(origin(part), "place", None)
    return "a part" if place is None else str(place)
