"""Where the rows of a CSV file start, found without reading its numbers.

Lines without a quotation mark are found in blocks of bytes; lines with one are read by the csv module itself,
because only it knows where a quoted cell ends.
"""

from __future__ import annotations

import csv
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import IO, final

from numpy import array, concatenate, flatnonzero, frombuffer, int64, isin, minimum, uint8
from numpy.typing import NDArray

_BLOCK = 1 << 20
_NEWLINE, _RETURN = b"\n"[0], b"\r"[0]


@final
@dataclass(slots=True)
class RowStarts:
    """The rows of a file as they are found.

    Attributes
    ----------
    every : int
        Every how many rows a start is kept.
    n : int
        Rows found so far; blank lines are none.
    starts : list of int
        The first byte of rows 0, `every`, 2 × `every`, …
    end : int
        The first byte behind all of them.
    """

    every: int
    n: int = 0
    starts: list[int] = field(default_factory=list)
    end: int = 0

    @property
    def pieces(self) -> list[tuple[int, int]]:
        """The first byte of `every` rows, and the first byte behind them."""
        return list(zip(self.starts, [*self.starts[1:], self.end], strict=True))

    def add(self, starts: NDArray[int64]) -> None:
        """Take note of rows that start at these bytes."""
        self.starts += starts[-self.n % self.every :: self.every].tolist()
        self.n += len(starts)


def find_rows(handle: IO[bytes], every: int) -> RowStarts | None:
    """Return where the rows behind the header start.

    None means that none were found, or not for certain: carriage returns alone may end the lines.
    """
    found = RowStarts(every)
    block, last = b"", False
    while (end := _end_of_row(block, 0)) is None and not last:
        block, last = _longer(block, handle)
    offset = 0
    at = len(block) if end is None else end
    while True:
        while at < len(block) and (piece := _piece(block, at, last)) is not None:
            end, starts = piece
            if starts is None:
                return None
            found.add(starts + offset)
            at = end
        offset, block, at = offset + at, block[at:], 0
        if last:
            found.end = offset
            return found if found.n else None
        block, last = _longer(block, handle)


def _longer(block: bytes, handle: IO[bytes]) -> tuple[bytes, bool]:
    more = handle.read(max(_BLOCK, len(block)))
    return block + more, not more


def _piece(block: bytes, start: int, last: bool) -> tuple[int, NDArray[int64] | None] | None:
    """Return the end and the row starts of all plain lines that follow, or of one row with quotation marks.

    None means that the block ends before the row does.
    """
    quote = block.find(b'"', start)
    end = len(block) if quote < 0 and last else block.rfind(b"\n", start, quote if quote >= 0 else None) + 1
    if end > start:
        return end, _line_starts(block, start, end)
    if quote < 0:
        return None
    row_end = _end_of_row(block, start)
    if row_end is None and not last:
        return None
    row_end = len(block) if row_end is None else row_end
    return row_end, array([start], int64)


def _line_starts(block: bytes, start: int, stop: int) -> NDArray[int64] | None:
    """Return where lines that are not blank start, in bytes of the block."""
    content = frombuffer(block, uint8, stop - start, start)
    ends = flatnonzero(content == _NEWLINE)
    returns = flatnonzero(content == _RETURN)
    if len(returns) and not isin(returns + 1, ends).all():
        return None
    starts = concatenate((array([0]), ends + 1))
    lengths = concatenate((ends, array([len(content)]))) - starts
    blank = (lengths == 0) | ((lengths == 1) & (content[minimum(starts, len(content) - 1)] == _RETURN))
    found: NDArray[int64] = starts[~blank] + start
    return found


def _end_of_row(block: bytes, start: int) -> int | None:
    """Return the byte behind the row that starts here, or None where the block ends within it."""
    consumed: int | None = start

    def lines() -> Iterator[str]:
        nonlocal consumed
        while consumed is not None and (newline := block.find(b"\n", consumed)) >= 0:
            line = block[consumed : newline + 1]
            consumed = newline + 1
            yield line.decode("utf-8-sig")
        consumed = None

    next(csv.reader(lines()), None)
    return consumed
