"""Small files that would fill the memory: refused by what they say of themselves, before they are read.

Compression and dictionaries make next to nothing of numbers that are all the same. Real scores shrink to a
tenth at most.
"""

from __future__ import annotations

from calibrant.errors import UnreadableFile
from calibrant.io.place import Place

_LARGE = 1 << 30
_MOST_TIMES = 100
"""What has a GiB and more and shrinks more than this when it is stored holds next to nothing."""


def refuse_growth(place: Place, what: str, *, stored: int, promised: int, plainly: str) -> None:
    """Raise `UnreadableFile` where a GiB or more would come from less than a hundredth of it.

    Parameters
    ----------
    place : Place
        The file.
    what : str
        What of it, for the message.
    stored, promised : int
        Its bytes in the file, and in memory.
    plainly : str
        How to store it without compression.
    """
    if promised > max(_LARGE, _MOST_TIMES * stored):
        raise UnreadableFile(
            f"{place}: {what} has {stored:,} bytes that would become {promised:,}. "
            f"If that is meant, {plainly}."
        )
