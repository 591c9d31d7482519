"""Text of others made fit for a terminal or a document: nothing in it can move a cursor or hide."""

from __future__ import annotations


def printable(text: str) -> str:
    r"""Return the text with every character that is not seen written as its escape.

    Control characters, line ends, marks of the writing direction and blanks other than the plain one would
    otherwise change how the text around them looks.

    Examples
    --------
    >>> print(printable("cat\x1b[31m\n"))
    cat\x1b[31m\n
    """
    return "".join(
        character if character.isprintable() else character.encode("unicode_escape").decode("ascii")
        for character in text
    )
