"""Text of others made fit for a terminal or a document: nothing in it can move a cursor or hide."""

from __future__ import annotations

import json
import re
from collections.abc import Sequence
from itertools import accumulate
from unicodedata import category, east_asian_width

LONGEST_CELL = 200
"""Columns of a cell of a table beyond which it is cut."""

_NOT_ASCII = re.compile(r"[^\n -~]")


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


def shown(name: str, most: int = 60) -> str:
    r"""Return a name as it stands among other words: in one line, seen as a whole and not too long.

    Examples
    --------
    >>> print(shown("cat\nand dog", 6))
    cat\n…
    """
    return shortened(printable(name[: 2 * most + 1]), most)


def listed(names: Sequence[str], most: int = 10) -> str:
    """Return the first names with commas between them, and … where there are more.

    Examples
    --------
    >>> listed(["bird", "cat", "dog"], most=2)
    'bird, cat, …'
    """
    return ", ".join([*map(shown, names[:most]), *("…" for _ in names[most : most + 1])])


def readable_json(text: str, *, only_ascii: bool = False) -> str:
    r"""Return a JSON document that reads as the same, with JSON's escapes for characters that are not seen.

    Parameters
    ----------
    text : str
        JSON; line ends between its values stay.
    only_ascii : bool
        Escape all that is not ASCII.

    Examples
    --------
    >>> print(readable_json('["caf\u00e9\u202e"]'))
    ["café\u202e"]
    """
    if text.isascii() if only_ascii else text.isprintable():
        return text
    return _NOT_ASCII.sub(
        lambda found: found[0] if found[0].isprintable() and not only_ascii else json.dumps(found[0])[1:-1],
        text,
    )


def _columns(character: str) -> int:
    if category(character) in ("Mn", "Me"):
        return 0
    return 2 if east_asian_width(character) in "WF" else 1


def sentence(text: str) -> str:
    """Return the text with a full stop, unless it ends in one.

    Examples
    --------
    >>> sentence("it is no ZIP archive")
    'it is no ZIP archive.'
    """
    return text if text.endswith((".", "!", "?")) else f"{text}."
