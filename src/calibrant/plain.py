"""Files that are read whole must be plain files: a pipe would be waited for, and a device may have no end.

What their bytes mean is the business of the callers.
"""

from __future__ import annotations

import os
import stat
from pathlib import Path

from calibrant.errors import UnreadableFile
from calibrant.refusals import reason


def read_bytes(path: str | os.PathLike[str], *, called: str | None = None) -> bytes:
    """Return what is in a plain file.

    Parameters
    ----------
    path : path
        The file.
    called : str, optional
        What errors call it; by default its path.

    Raises
    ------
    UnreadableFile
        There is no such file, it is none, or it cannot be read.
    """
    name = called or path
    check_plain(path, called=called)
    try:
        return Path(path).read_bytes()
    except FileNotFoundError:
        raise UnreadableFile(f"cannot read {name}: there is no such file.") from None
    except OSError as error:
        raise UnreadableFile(f"cannot read {name}: {reason(error)}.") from error


def read_text(path: str | os.PathLike[str], *, called: str | None = None) -> str:
    """Return the text of a plain file in UTF-8; the arguments are those of `read_bytes`.

    Raises
    ------
    UnreadableFile
        As `read_bytes`, or it is no such text.
    """
    try:
        return read_bytes(path, called=called).decode("utf-8")
    except UnicodeDecodeError as error:
        raise UnreadableFile(
            f"cannot read {called or path}: it is no text in UTF-8 ({error.reason})."
        ) from error


def check_plain(path: str | os.PathLike[str], *, called: str | None = None, folders: bool = False) -> None:
    """Raise `UnreadableFile` where something else than a plain file stands; there may be nothing at all."""
    if (why := why_not_plain(path, folders=folders)) is not None:
        raise UnreadableFile(f"cannot read {called or path}: {why}.")


def why_not_plain(path: str | os.PathLike[str], *, folders: bool = False) -> str | None:
    """Return what stands at a path instead of a plain file, in words; None for one, and where nothing is.

    Parameters
    ----------
    path : path
        Followed where it is a link.
    folders : bool
        Whether a folder is right too.
    """
    try:
        mode = Path(path).stat().st_mode
    except (FileNotFoundError, NotADirectoryError):
        return _dangling(path)
    except ValueError:
        return "there is a character in its name that no file can have"
    except OSError as error:
        return reason(error)
    if stat.S_ISREG(mode) or (folders and stat.S_ISDIR(mode)):
        return None
    if stat.S_ISDIR(mode):
        return "it is a folder. Name a file"
    return "it is a pipe or a device. Write the content into a file, and name that"


def _dangling(path: str | os.PathLike[str]) -> str | None:
    if not Path(path).is_symlink():
        return None
    return f"it is a link to {Path(path).readlink()}, which is not there"
