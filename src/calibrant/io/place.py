"""Where a file of predictions is: on this machine, or at any URL that fsspec reads.

Nothing here knows formats, and nothing here writes.
"""

from __future__ import annotations

import os
import re
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path, PurePosixPath
from typing import IO, final
from urllib.parse import urlsplit

from calibrant.io import remote

_URL = re.compile(r"((?:[a-z][a-z0-9+.-]+::)*[a-z][a-z0-9+.-]+):/+(.*)", re.IGNORECASE | re.DOTALL)
_HERE = ("file", "local")


@final
@dataclass(frozen=True, slots=True)
class Place:
    """The address of a file or folder. It holds nothing open and means the same on other machines.

    Attributes
    ----------
    address : str
        Path or URL.

    Examples
    --------
    >>> Place.of("s3://bucket/rows.parquet").suffix
    '.parquet'
    """

    address: str

    @classmethod
    def of(cls, path: str | os.PathLike[str]) -> Place:
        """Return the place of a path or URL; a URL whose slashes `pathlib` has folded is unfolded."""
        address = os.fspath(path)
        url = _URL.fullmatch(address)
        if url is None or ("://" not in address and Path(address).exists()):
            return cls(address)
        return cls(f"{url[1]}://{'/' if url[1].lower().split('::')[-1] in _HERE else ''}{url[2]}")

    @property
    def local(self) -> Path | None:
        """The path on this machine; None for a URL."""
        return None if "://" in self.address and _URL.fullmatch(self.address) else Path(self.address)

    @property
    def on_this_machine(self) -> Path | None:
        """The path on this machine, be it written as a path or as a URL; None for what is elsewhere."""
        if self.local is not None:
            return self.local
        protocol, _, path = self.address.rpartition("://")
        return Path(path) if protocol.lower().split("::")[-1] in _HERE else None

    @property
    def name(self) -> str:
        """Last part of the address."""
        if self.local is not None:
            return self.local.name
        return PurePosixPath(urlsplit(self.address).path or self.address).name

    @property
    def suffix(self) -> str:
        """What follows the last dot of the name, in small letters, with the dot."""
        return PurePosixPath(self.name).suffix.lower()

    @property
    def is_folder(self) -> bool:
        """Whether it is a folder."""
        return remote.is_folder(self.address) if self.local is None else self.local.is_dir()

    @property
    def exists(self) -> bool:
        """Whether there is something."""
        return remote.exists(self.address) if self.local is None else self.local.exists()

    @property
    def size(self) -> int:
        """Bytes of the file."""
        return remote.size(self.address) if self.local is None else self.local.stat().st_size

    @property
    def modified(self) -> int | None:
        """When the file was last changed, in nanoseconds since 1970; None for a URL."""
        return None if self.local is None else self.local.stat().st_mtime_ns

    @property
    def state(self) -> tuple[int, int] | None:
        """Size and time of the last change, by which a change shows; None for a URL."""
        if self.local is None:
            return None
        try:
            found = self.local.stat()
        except (OSError, ValueError):
            return None
        return found.st_size, found.st_mtime_ns

    def beside(self, name: str) -> Place:
        """Return the file of another name in the same folder."""
        if self.local is None:
            return Place(f"{self.address.rpartition('/')[0]}/{name}")
        return Place(str(self.local.with_name(name)))

    def members(self) -> tuple[Place, ...]:
        """Return what is in the folder, sorted by name."""
        if self.local is None:
            return tuple(Place(address) for address in remote.members(self.address))
        return tuple(Place(str(member)) for member in sorted(self.local.iterdir()))

    @contextmanager
    def open(self) -> Iterator[IO[bytes]]:
        """Open the file for reading bytes anywhere in it."""
        if self.local is None:
            with remote.opened(self.address) as far:
                yield far
        else:
            with self.local.open("rb") as handle:
                yield handle

    @contextmanager
    def on_disk(self) -> Iterator[Path]:
        """Give a path on this machine; the file of a URL is fetched, and removed in the end."""
        if self.local is None:
            with remote.fetched(self.address) as path:
                yield path
        else:
            yield self.local

    def __str__(self) -> str:
        return self.address
