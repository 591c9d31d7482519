"""Why a file cannot be written, in words that name it: of the system, and behind what libraries say."""

from __future__ import annotations

import errno
import os
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

from calibrant.errors import CalibrantError, UnwritableFile

_BLOCK = 1 << 16

FULL = {
    errno.ENOSPC: "the disk is full",
    errno.EDQUOT: "the disk is full for you: your quota is used up",
    errno.EFBIG: "the disk takes no file as large as this, or a limit of your shell forbids it",
}
"""What the system says where there is no room, in words."""


@contextmanager
def named(target: Path, temporary: Path) -> Iterator[None]:
    """Turn what the system says against writing into an error that names the file."""
    try:
        yield
    except CalibrantError:
        raise
    except OSError as error:
        raise unwritable(target, error) from error
    except Exception as error:
        # Libraries that write by themselves have words of their own for a full disk.
        refusal = _refusal(temporary)
        if refusal is None:
            raise
        raise unwritable(target, refusal) from error


def _refusal(temporary: Path) -> OSError | None:
    """Return what the system says against one more block of a file, or of a file in a folder."""
    place = temporary / "room" if temporary.is_dir() else temporary
    try:
        with place.open("ab") as handle:
            handle.write(bytes(_BLOCK))
            handle.flush()
            os.fsync(handle.fileno())
    except OSError as error:
        return error
    return None


def unwritable(target: Path, error: OSError | ValueError) -> CalibrantError:
    """Return the error that says why `target` cannot be written; one of ours stays what it is."""
    if isinstance(error, CalibrantError):
        return error
    with suppress(OSError, ValueError):
        if not target.parent.exists():
            return UnwritableFile(
                f"cannot write {target}: there is no folder {target.parent}. Make it first."
            )
    return UnwritableFile(f"cannot write {target}: {reason(error)}.")


def reason(error: OSError | ValueError) -> str:
    """Return what the system says, in words."""
    if isinstance(error, OSError):
        return FULL.get(error.errno or 0, error.strerror or str(error))
    return str(error)
