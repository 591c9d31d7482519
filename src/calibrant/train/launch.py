"""Start several processes that do one piece of work together, and end them together.

What they do is passed in; they find each other as they would under ``torchrun``.
"""

from __future__ import annotations

import os
import pickle
import signal
import socket
import sys
import threading
import traceback
from collections.abc import Callable
from contextlib import closing
from dataclasses import dataclass
from multiprocessing import get_context, parent_process
from multiprocessing.connection import Connection, wait
from multiprocessing.process import BaseProcess

import torch

from calibrant.errors import CalibrantError, FitFailed
from calibrant.train.history import EpochRow
from calibrant.train.progress import BatchReport, Progress, Silent

Work = Callable[[Progress], object]

_GRACE = 1.0
_PATIENCE = 5.0


@dataclass(frozen=True)
class _Failure:
    error: BaseException
    silent: bool = False


def launch(work: Work, processes: int, progress: Progress) -> None:
    """Do `work` in several processes at once and wait for all of them.

    Parameters
    ----------
    work : callable
        Takes a `Progress`; pickled, so a function of a module with its arguments.
    processes : int
        How many. They are numbered from 0; the first one's progress is heard.
    progress : Progress
        Told in this process what the first one reports.

    Raises
    ------
    FitFailed
        A process was ended from outside.
    Exception
        What `work` raised in a process, with that process's traceback as a note unless it is one of
        calibrant's errors. The other processes are ended too.
    """
    # Plain pickle, not multiprocessing's: that would pass tensors through shared memory, which containers
    # keep small.
    content, port, context = pickle.dumps(work), _free_port(), get_context("spawn")
    threads = max(1, torch.get_num_threads() // processes)
    children: dict[Connection, BaseProcess] = {}
    try:
        for rank in range(processes):
            ours, theirs = context.Pipe(duplex=False)
            arguments = (theirs, content, rank, processes, port, threads)
            child = context.Process(target=_child, args=arguments, daemon=True, name=f"process {rank}")
            child.start()
            theirs.close()
            children[ours] = child
        failures = _listen(dict(children), progress)
    finally:
        _end(children)
    if failures:
        raise failures[0].error


def _listen(children: dict[Connection, BaseProcess], progress: Progress) -> list[_Failure]:
    """Hear the processes out; return what failed, the likeliest cause first."""
    failures: list[_Failure] = []
    while children:
        ready = wait(list(children), timeout=_GRACE if failures else None)
        if not ready:
            break
        for connection in ready:
            assert isinstance(connection, Connection)
            try:
                message = connection.recv()
            except EOFError:
                failures.append(_ended(children.pop(connection)))
                continue
            if message is None:
                del children[connection]
            elif isinstance(message, _Failure):
                failures.append(message)
                del children[connection]
            elif isinstance(message, EpochRow):
                progress.on_epoch(message)
            else:
                progress.on_batch(message)
    # A process that vanished, or knows what is wrong, comes before those that merely lost it.
    return sorted(failures, key=lambda failure: (not failure.silent, not _is_ours(failure.error)))


def _ended(child: BaseProcess) -> _Failure:
    child.join(_PATIENCE)
    code = child.exitcode or 0
    how = f"signal {signal.Signals(-code).name}" if code < 0 else f"exit code {code}"
    message = (
        f"{child.name} of the training processes was ended from outside ({how}); memory may have run out. "
        "Started again, the run continues after its last whole epoch."
    )
    return _Failure(FitFailed(message), silent=True)


def _end(children: dict[Connection, BaseProcess]) -> None:
    for child in children.values():
        child.terminate()
    for connection, child in children.items():
        child.join(_PATIENCE)
        # One that waits for another inside a library does not hear the first signal.
        child.kill()
        child.join()
        connection.close()


def _child(
    connection: Connection, content: bytes, rank: int, processes: int, port: int, threads: int
) -> None:
    # Ctrl-C goes to all processes of a terminal; the parent decides. The second lets files be tidied up.
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(1))
    threading.Thread(target=_leave_with_parent, daemon=True).start()
    os.environ.update(
        TORCHELASTIC_RUN_ID="calibrant",
        MASTER_ADDR="127.0.0.1",
        MASTER_PORT=str(port),
        RANK=str(rank),
        LOCAL_RANK=str(rank),
        WORLD_SIZE=str(processes),
        LOCAL_WORLD_SIZE=str(processes),
        GROUP_RANK="0",
    )
    torch.set_num_threads(threads)
    try:
        work: Work = pickle.loads(content)
        work(_Sender(connection) if rank == 0 else Silent())
        connection.send(None)
    except Exception as error:
        connection.send(_Failure(_portable(error)))


def _leave_with_parent() -> None:
    parent = parent_process()
    assert parent is not None
    wait([parent.sentinel])
    os._exit(1)


def _portable(error: Exception) -> Exception:
    if _is_ours(error):
        return error
    remote = "".join(traceback.format_exception(error))
    try:
        pickle.loads(pickle.dumps(error))
    except Exception:
        error = RuntimeError(f"{type(error).__name__}: {error}")
    error.add_note(f"In a training process:\n{remote}")
    return error


def _is_ours(error: BaseException) -> bool:
    return isinstance(error, CalibrantError)


def _free_port() -> int:
    with closing(socket.socket()) as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port


class _Sender:
    """Progress that is heard in another process."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def on_batch(self, report: BatchReport) -> None:
        self._connection.send(report)

    def on_epoch(self, row: EpochRow) -> None:
        self._connection.send(row)
