"""Room in memory for what is kept between passes: so many bytes, which whoever keeps something takes.

What is kept, and for how long, is not its business.
"""

from __future__ import annotations

import os
from pathlib import Path
from threading import Lock

from calibrant.errors import InvalidArgument

MOST_KEPT = 4 << 30
"""Bytes that are kept at most where nobody says how many."""

_SHARE = 4
_MEMINFO, _CGROUP = Path("/proc/meminfo"), Path("/sys/fs/cgroup/memory.max")


class Room:
    """So many bytes, taken and given back by any thread.

    Parameters
    ----------
    size : int, optional
        Bytes; by default a quarter of the memory that is free, and at most 4 GiB.

    Examples
    --------
    >>> room = Room(100)
    >>> room.take(70), room.take(70), room.take(30)
    (True, False, True)
    """

    def __init__(self, size: int | None = None) -> None:
        if size is not None and size < 0:
            raise InvalidArgument(f"rows cannot be kept in {size} bytes: give 0 to keep none.")
        self.size = min(free_memory() // _SHARE, MOST_KEPT) if size is None else size
        self._taken = 0
        self._lock = Lock()

    def take(self, size: int) -> bool:
        """Take so many bytes if they are left, and say whether they were."""
        with self._lock:
            fits = self._taken + size <= self.size
            if fits:
                self._taken += size
            return fits

    def give_back(self, size: int) -> None:
        """Give back bytes that were taken."""
        with self._lock:
            self._taken -= size


def free_memory() -> int:
    """Return the bytes that are available, as the system says, and at most the limit of the container."""
    if not _MEMINFO.exists():
        return _all_memory()
    named = (line.split() for line in _MEMINFO.read_text(encoding="ascii").splitlines())
    available = next((int(words[1]) << 10 for words in named if words[0] == "MemAvailable:"), _all_memory())
    limit = _CGROUP.read_text(encoding="ascii").strip() if _CGROUP.exists() else ""
    return min(available, int(limit)) if limit.isdecimal() else available


def _all_memory() -> int:
    names = getattr(os, "sysconf_names", {})
    if "SC_PHYS_PAGES" not in names:
        return MOST_KEPT
    return os.sysconf("SC_PHYS_PAGES") * os.sysconf("SC_PAGE_SIZE")
