"""What the system says against reading or writing a file, in words."""

from __future__ import annotations

import errno

FULL = {
    errno.ENOSPC: "the disk is full",
    errno.EDQUOT: "the disk is full for you: your quota is used up",
    errno.EFBIG: "the disk takes no file as large as this, or a limit of your shell forbids it",
}
"""What it says where there is no room."""

_WORDS = {
    **FULL,
    errno.ELOOP: "its links lead in a circle. Name the file itself",
    errno.ENAMETOOLONG: "the path is longer than the system allows. Choose a shorter one",
    errno.EACCES: "permission is denied. Ask the owner, or change the permissions",
}


def reason(error: OSError | ValueError) -> str:
    """Return what an error of the system says, in words; one of Python's about a path has its own."""
    if isinstance(error, OSError):
        return _WORDS.get(error.errno or 0, error.strerror or str(error))
    return str(error)
