"""What to say to a name that does not exist: the nearest that does, or all of them."""

from __future__ import annotations

from collections.abc import Iterable
from difflib import get_close_matches


def nearest(name: str, known: Iterable[str]) -> str:
    """Return a question that names the nearest known name, or else all of them; with a leading blank.

    Examples
    --------
    >>> nearest("vectr", ["matrix", "vector"])
    " Did you mean 'vector'?"
    >>> nearest("scaling", ["matrix", "vector"])
    ' Known: matrix, vector.'
    """
    listed = list(known)
    found = get_close_matches(name, listed, n=1)
    return f" Did you mean {found[0]!r}?" if found else f" Known: {', '.join(listed)}." if listed else ""
