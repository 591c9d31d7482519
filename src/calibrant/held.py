"""A folder that one process at a time writes to: the second waits, or is told who holds it.

The lock is the system's, on the file `.lock` in the folder, so it ends with the process that holds it,
however that ends. Where a file system has no locks, work goes on without. What is written into the folder is
not known here.
"""

from __future__ import annotations

import errno
import json
import os
import socket
import warnings
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from calibrant.atomic import write_text
from calibrant.errors import FolderInUse, MissingExtra, UnwritableFile
from calibrant.unwritable import unwritable

LOCK, HOLDER = ".lock", ".held-by.json"

_NO_LOCKS = {errno.ENOLCK, errno.ENOSYS, errno.ENOTSUP, errno.EOPNOTSUPP}


@contextmanager
def held(
    folder: str | os.PathLike[str], *, waiting: bool = False, told: Callable[[str], None] = lambda words: None
) -> Iterator[None]:
    """Hold a folder while the context lasts; a process that holds it already may do so again.

    Parameters
    ----------
    folder : path
        It must exist.
    waiting : bool
        Whether to wait for another process that holds it.
    told : function
        Called with who is waited for, once, where that is so; or that there are no locks.

    Raises
    ------
    FolderInUse
        Another process, or another thread of this one, holds it, and `waiting` is false.
    UnwritableFile
        Nothing can be written there.
    MissingExtra
        The package `filelock` is not installed.
    """
    place = Path(folder).resolve()
    if not place.is_dir():
        raise UnwritableFile(f"cannot write to {folder}: there is no such folder. Make it first.")
    lock = _lock(place / LOCK)
    again = lock.is_locked
    try:
        locked = _acquired(lock)
    except TimeoutError:
        words = f"{folder} is in use: {_holder(place)} writes to it."
        if not waiting:
            raise FolderInUse(f"{words} Wait until it has ended, end it, or choose another folder.") from None
        told(f"{words} Waiting until it has ended.")
        lock.acquire()
        locked = True
    except OSError as error:
        raise unwritable(place / LOCK, error) from error
    if not locked:
        told(f"the file system of {folder} has no locks: let no other process write there meanwhile.")
        yield
        return
    try:
        if not again:
            write_text(place / HOLDER, json.dumps(_myself()) + "\n")
        yield
    finally:
        if not again:
            with suppress(OSError):  # only the lock says that somebody is there
                (place / HOLDER).unlink()
        lock.release()


def _acquired(lock: Any) -> bool:
    """Take the lock, or return False where the file system has none."""
    try:
        with warnings.catch_warnings():
            # Newer filelock would leave a file in place of a lock, which outlives a process that is killed.
            warnings.filterwarnings("error", "flock not supported")
            lock.acquire(timeout=0)
    except (NotImplementedError, UserWarning):
        return False
    except OSError as error:
        # Older filelock takes any refusal for that of another process, a `TimeoutError`.
        if error.errno in _NO_LOCKS or (isinstance(error, TimeoutError) and _without_locks(lock.lock_file)):
            return False
        raise
    return True


def _without_locks(path: str) -> bool:
    try:
        import fcntl
    except ModuleNotFoundError:  # Windows, which has them everywhere
        return False
    try:
        with Path(path).open("ab") as handle:
            fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except OSError as error:
        return error.errno in _NO_LOCKS
    return False


def _lock(path: Path) -> Any:
    try:
        from filelock import FileLock
    except ModuleNotFoundError as missing:
        raise MissingExtra(
            "Writing to a folder that other processes may use", "parquet", "filelock"
        ) from missing
    return FileLock(path, is_singleton=True)


def _myself() -> dict[str, Any]:
    since = datetime.now(UTC).isoformat(timespec="seconds")
    return {"process": os.getpid(), "host": socket.gethostname(), "since": since}


def _holder(place: Path) -> str:
    try:
        told = json.loads((place / HOLDER).read_bytes())
        return f"process {told['process']} on {told['host']} (since {told['since']})"
    except (OSError, ValueError, LookupError, TypeError):
        return "another process"
