"""Why a file cannot be written, in words that name it: of the system, and behind what libraries say."""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

from calibrant.errors import CalibrantError, UnwritableFile
from calibrant.refusals import reason

_BLOCK = 1 << 16


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


def check_not_over(output: Path, path: Path, *, what: str) -> None:
    """Raise `UnwritableFile` where the output is what is read, under whatever name.

    Parameters
    ----------
    output, path : Path
        What is written, and what is read.
    what : str
        What is read, with its verb.
    """
    if _are_one(output, path):
        raise UnwritableFile(f"cannot write {output}: {what} read from there. Name another place.")


def _are_one(output: Path, path: Path) -> bool:
    try:
        return output.samefile(path)
    except (OSError, ValueError):  # one of them is not there, or cannot be: reading or writing says so
        return False


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
