"""A file that may not be read, not even by the super-user, to whom permissions mean nothing."""

from __future__ import annotations

import errno
from pathlib import Path
from typing import Any

import pytest


def deny(path: Path, patch: pytest.MonkeyPatch) -> None:
    """Let the system refuse to read a file."""
    for name in ("read_bytes", "open"):
        patch.setattr(Path, name, _refusing(path, getattr(Path, name)))


def _refusing(path: Path, usual: Any) -> Any:
    def read(place: Path, *words: Any, **named: Any) -> Any:
        if place == path:
            raise PermissionError(errno.EACCES, "Permission denied", str(path))
        return usual(place, *words, **named)

    return read
