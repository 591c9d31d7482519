"""How many scans a JPEG file's image comes in: its markers are walked, and nothing is decoded."""

from __future__ import annotations

import re

_MARKER = re.compile(rb"\xff([\x01-\xfe])")
_AFTER_A_SCAN = re.compile(rb"\xff([\x01-\xcf\xd8-\xfe])")
"""In a scan a stuffed byte and the restart markers belong to it."""

_START_OF_SCAN, _END_OF_IMAGE = 0xDA, 0xD9
_ALONE = {0x01, *range(0xD0, 0xD9)}
"""Markers without a length and content behind them."""


def scans(content: bytes) -> int:
    """Return the scans of the first image; what lies behind its end, such as a clip, is left alone.

    Parameters
    ----------
    content : bytes
        A JPEG file.
    """
    count, place, marker = 0, 0, _MARKER
    while (found := marker.search(content, place)) is not None:
        kind, place, marker = found[1][0], found.end(), _MARKER
        if kind == _END_OF_IMAGE:
            break
        if kind not in _ALONE:
            place += max(2, int.from_bytes(content[place : place + 2], "big"))
        if kind == _START_OF_SCAN:
            count, marker = count + 1, _AFTER_A_SCAN
    return count
