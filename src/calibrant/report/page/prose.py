"""Text of a report as it stands in the page: characters that are not seen are shown, numbers stay whole.

Nothing here lets markup of others through.
"""

from __future__ import annotations

import re
from typing import Any

from markupsafe import Markup, escape

from calibrant.printable import printable

_WITHIN = re.compile(r"(?<=\d) (?=(?:%|points?\b|−|to −?\d))|(?<=\d to) (?=−?\d)|(?<=\d −) (?=t\b)")


def finalised(value: Any) -> Any:
    """Write characters that are not seen as their escapes; what is markup already stays."""
    return printable(value) if type(value) is str else value


def prose(text: str) -> Markup:
    """Return sentences whose words between backticks are set as code, and whose numbers keep their units."""
    pieces = [escape(printable(piece)) for piece in text.split("`")]
    if len(pieces) % 2 == 0:
        return _whole(escape(printable(text)))
    return Markup("").join(
        Markup("<code>{}</code>").format(piece) if at % 2 else _whole(piece)
        for at, piece in enumerate(pieces)
    )


def command(text: str) -> Markup:
    """Return a command that breaks at its blanks first, and in a word only where there is no room for it."""
    word = Markup('<span class="word">{}</span>')
    return Markup(" ").join(word.format(printable(one)) for one in text.split(" "))


def lines(text: str) -> Markup:
    """Return text that keeps its lines."""
    return Markup("\n").join(printable(line) for line in text.splitlines())


def _whole(text: Markup) -> Markup:
    """Return markup in which no line ends between a number and its unit, or within a range."""
    return Markup(_WITHIN.sub("\u00a0", text))
