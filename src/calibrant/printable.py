"""Text of others made fit for a terminal or a document: nothing in it can move a cursor or hide."""

from __future__ import annotations

from itertools import accumulate
from unicodedata import category, east_asian_width


def printable(text: str, kept: str = "") -> str:
    r"""Return the text with every character that is not seen written as its escape.

    Control characters, line ends, marks of the writing direction and blanks other than the plain one would
    otherwise change how the text around them looks.

    Parameters
    ----------
    text : str
        Text of others.
    kept : str
        Characters that stay as they are, such as a line end.

    Examples
    --------
    >>> print(printable("cat\x1b[31m\n"))
    cat\x1b[31m\n
    """
    if text.isprintable():
        return text
    return "".join(
        character
        if character.isprintable() or character in kept
        else character.encode("unicode_escape").decode("ascii")
        for character in text
    )


def width(text: str) -> int:
    """Return how many columns of a terminal printable text takes: two for each wide character of East Asia.

    Examples
    --------
    >>> width("cat"), width("猫"), width("e\u0301")
    (3, 2, 1)
    """
    return len(text) if text.isascii() else sum(map(_columns, text))


def shortened(text: str, most: int) -> str:
    """Return text of at most so many columns and twice as many characters, with … for what is left out.

    Examples
    --------
    >>> shortened("tabby cat", 6)
    'tabby…'
    """
    if len(text) <= 2 * most and width(text) <= most:
        return text
    fits = sum(total < most for total in accumulate(map(_columns, text[: 2 * most])))
    return f"{text[:fits]}…"


def _columns(character: str) -> int:
    if category(character) in ("Mn", "Me"):
        return 0
    return 2 if east_asian_width(character) in "WF" else 1
