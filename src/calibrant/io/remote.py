"""Files at URLs, through fsspec: the one place that imports it, and only when a URL is read."""

from __future__ import annotations

import os
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path, PurePosixPath
from typing import IO, Any

from calibrant.errors import CalibrantError, MissingExtra, UnreadableFile


def exists(address: str) -> bool:
    """Whether there is something at the URL."""
    with _named(address):
        filesystem, path = _filesystem(address)
        return bool(filesystem.exists(path))


def is_folder(address: str) -> bool:
    """Whether the URL is of a folder."""
    with _named(address):
        filesystem, path = _filesystem(address)
        return bool(filesystem.isdir(path))


def size(address: str) -> int:
    """Return the bytes of a file."""
    with _named(address):
        filesystem, path = _filesystem(address)
        return int(filesystem.size(path))


def members(address: str) -> list[str]:
    """Return the URLs of what is in a folder, sorted by name."""
    with _named(address):
        filesystem, path = _filesystem(address)
        found = sorted(str(name) for name in filesystem.ls(path, detail=False))
    return [f"{address.rstrip('/')}/{PurePosixPath(name).name}" for name in found]


@contextmanager
def opened(address: str) -> Iterator[IO[bytes]]:
    """Open a URL for reading bytes anywhere in it."""
    with _named(address):
        filesystem, path = _filesystem(address)
        handle: IO[bytes] = filesystem.open(path, "rb")
    try:
        yield handle
    finally:
        handle.close()


@contextmanager
def fetched(address: str) -> Iterator[Path]:
    """Give a copy on this machine, removed in the end."""
    handle, name = tempfile.mkstemp(suffix=PurePosixPath(address).suffix)
    os.close(handle)
    try:
        with _named(address):
            filesystem, path = _filesystem(address)
            filesystem.get_file(path, name)
        yield Path(name)
    finally:
        Path(name).unlink(missing_ok=True)


def _filesystem(address: str) -> tuple[Any, str]:
    try:
        import fsspec  # type: ignore[import-untyped]
    except ModuleNotFoundError as missing:
        raise MissingExtra(f"Reading {address}", "remote", "fsspec") from missing
    filesystem, path = fsspec.core.url_to_fs(address)
    return filesystem, path


@contextmanager
def _named(address: str) -> Iterator[None]:
    try:
        yield
    except CalibrantError:
        raise
    except ImportError as missing:  # fsspec is there, but not what it needs for this protocol
        raise UnreadableFile(f"cannot read {address}: {missing}") from missing
    except (OSError, ValueError, NotImplementedError) as error:
        raise UnreadableFile(f"cannot read {address}: {error}") from error
