"""Write a file or a folder whole or not at all: to a temporary name beside it, then renamed.

Nothing here knows what the bytes mean. A process that is killed leaves a temporary name behind; nothing reads
those, and `remove_leftovers` removes them.
"""

from __future__ import annotations

import os
import shutil
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

from calibrant.errors import UnwritableFile
from calibrant.refusals import reason
from calibrant.unwritable import named, unwritable

TEMPORARY = ".calibrant-"
"""What the names of unfinished files and folders start with."""


@contextmanager
def replacing(path: str | os.PathLike[str]) -> Iterator[Path]:
    """Yield a temporary path beside `path`; on success it takes the name `path`, on failure it is removed.

    The temporary name keeps the suffix of `path`, because many writers choose their format by it. A file that
    was there leaves its permissions; of a symbolic link it is the file behind it that is replaced.

    Raises
    ------
    UnwritableFile
        The folder is missing or read-only, `path` is a folder, or the disk is full.
    """
    target, suffix = Path(path), Path(path).suffix
    try:
        if target.is_symlink():
            target = Path(os.path.realpath(target))  # of links that go round in a circle, unlike `resolve`
        if target.is_dir():
            raise UnwritableFile(f"cannot write {target}: it is a folder. Name a file inside it.")
        if target.exists() and not target.is_file():
            raise UnwritableFile(f"cannot write {target}: it is a device or a pipe. Name a plain file.")
        mode = target.stat().st_mode & 0o777 if target.exists() else 0o666 & ~_umask()
        handle, name = tempfile.mkstemp(dir=target.parent, prefix=TEMPORARY, suffix=suffix)
        os.close(handle)
    except (OSError, ValueError) as error:
        raise unwritable(target, error) from error
    temporary = Path(name)
    try:
        with named(target, temporary):
            yield temporary
            os.chmod(temporary, mode)
            _flush_to_disk(temporary)
            os.replace(temporary, target)
            _flush_folder(target.parent)
    finally:
        temporary.unlink(missing_ok=True)


@contextmanager
def filling(path: str | os.PathLike[str]) -> Iterator[Path]:
    """Yield a temporary folder beside `path`; on success it takes the name `path`, on failure it is removed.

    Raises
    ------
    UnwritableFile
        There is something at `path` already, or the place cannot be written to.
    """
    target = Path(path)
    try:
        if target.exists():
            raise UnwritableFile(
                f"cannot write the folder {target}: there is one already, or a file. Remove it."
            )
        temporary = Path(tempfile.mkdtemp(dir=target.parent, prefix=TEMPORARY))
    except (OSError, ValueError) as error:
        raise unwritable(target, error) from error
    try:
        with named(target, temporary):
            yield temporary
            os.chmod(temporary, 0o777 & ~_umask())
            for path_inside in temporary.iterdir():
                _flush_to_disk(path_inside)
            os.rename(temporary, target)  # noqa: PTH104
            _flush_folder(target.parent)
    finally:
        shutil.rmtree(temporary, ignore_errors=True)


def write_bytes(path: str | os.PathLike[str], content: bytes) -> None:
    """Write `content` to `path`, whole or not at all."""
    with replacing(path) as temporary:
        temporary.write_bytes(content)


def write_text(path: str | os.PathLike[str], content: str) -> None:
    """Write `content` to `path` as UTF-8 with Unix line ends, whole or not at all."""
    write_bytes(path, content.encode("utf-8"))


def remove_leftovers(folder: Path) -> None:
    """Remove what processes that were killed left half-written in a folder that nobody else writes to."""
    for path in folder.glob(f"{TEMPORARY}*"):
        if path.is_dir() and not path.is_symlink():
            shutil.rmtree(path, ignore_errors=True)
        else:
            path.unlink(missing_ok=True)


def make_folder(path: str | os.PathLike[str]) -> Path:
    """Make a folder and its parents where they are missing, and return it.

    Raises
    ------
    UnwritableFile
        A file stands in the way, or the place is read-only.
    """
    folder = Path(path)
    try:
        folder.mkdir(parents=True, exist_ok=True)
    except (OSError, ValueError) as error:
        raise UnwritableFile(f"cannot make the folder {folder}: {reason(error)}.") from error
    return folder


def _umask() -> int:
    current = os.umask(0)
    os.umask(current)
    return current


def _flush_to_disk(path: Path) -> None:
    with path.open("rb") as handle:
        os.fsync(handle.fileno())


def _flush_folder(folder: Path) -> None:
    """Make a new name survive a loss of power, where the system can."""
    with suppress(OSError):
        handle = os.open(folder, os.O_RDONLY)
        try:
            os.fsync(handle)
        finally:
            os.close(handle)
