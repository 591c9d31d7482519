"""A process that is killed at one of the moments at which it touches the disk; this one goes on."""

from __future__ import annotations

import os
import shutil
import tempfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import filelock
import pytest

from calibrant import atomic
from calibrant.held import LOCK


class Killed(BaseException):
    """The process ends here; nothing that it would still do has any effect."""


@dataclass
class Life:
    """How long a process lives: so many operations on the disk, of which it has done some."""

    operations: int
    kept: float = 1.0
    done: int = 0
    ended: bool = False


@contextmanager
def killed_after(life: Life, folder: Path) -> Iterator[None]:
    """Kill what is done here at one operation on the disk; what was being written then is cut off.

    Parameters
    ----------
    life : Life
        `kept` is the share of the file that was being written when the process ended.
    folder : Path
        Its lock is released, as the system does when a process ends.
    """

    def mortal(function: Callable[..., Any], *, cuts: bool = False) -> Callable[..., Any]:
        def instead(*arguments: Any, **options: Any) -> Any:
            if not life.ended and life.done < life.operations:
                life.done += 1
                return function(*arguments, **options)
            if not life.ended and cuts:
                path = Path(arguments[0])
                os.truncate(path, int(life.kept * path.stat().st_size))
            life.ended = True
            raise Killed

        return instead

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(atomic, "_flush_to_disk", mortal(atomic._flush_to_disk, cuts=True))
        patch.setattr(atomic, "_flush_folder", mortal(atomic._flush_folder))
        for module, name in (
            (tempfile, "mkstemp"),
            (tempfile, "mkdtemp"),
            (os, "chmod"),
            (os, "replace"),
            (os, "rename"),
            (shutil, "rmtree"),
            (Path, "unlink"),
        ):
            patch.setattr(module, name, mortal(getattr(module, name)))
        try:
            yield
        except Killed:
            filelock.FileLock(folder.resolve() / LOCK, is_singleton=True).release(force=True)
