"""What the compressed buffers of an Arrow file say they become, read from its messages before any is decoded.

pyarrow decodes a buffer as soon as it is asked for a batch, and trusts the length that stands before it.
"""

from __future__ import annotations

import struct
from collections.abc import Iterator
from typing import Any

from calibrant.io.arrow import pyarrow

_DICTIONARY, _RECORD = 2, 3
_FILE_END = 10
"""The length of the footer, and the magic word."""


def decoded_bytes(source: Any, *, stream: bool) -> int:
    """Return how many bytes all buffers together become; 0 where none is compressed.

    Parameters
    ----------
    source : pyarrow.NativeFile
        Of a file, or of a stream of batches.
    stream : bool
        Which of the two.

    Raises
    ------
    ValueError
        A message is damaged.
    """
    messages = _of_stream(source) if stream else _of_file(source)
    try:
        return sum(_becomes(memoryview(message.metadata), message.body) for message in messages)
    except (struct.error, IndexError, EOFError, SystemError) as error:
        raise ValueError("one of its messages is damaged.") from error


def _of_stream(source: Any) -> Iterator[Any]:
    source.seek(0)
    yield from pyarrow().ipc.MessageReader.open_stream(source)


def _of_file(source: Any) -> Iterator[Any]:
    size = source.size()
    source.seek(size - _FILE_END)
    (length,) = struct.unpack("<i", source.read(4))
    if not 0 < length <= size - _FILE_END:
        raise IndexError(length)
    source.seek(size - _FILE_END - length)
    footer = memoryview(source.read(length))
    root = _offset(footer, 0)
    for field in (2, 3):  # dictionaries, batches
        for block in _vector(footer, _field(footer, root, field), 24):
            (at,) = struct.unpack_from("<q", footer, block)
            source.seek(at)
            yield pyarrow().ipc.read_message(source)


def _becomes(message: memoryview, body: Any) -> int:
    root = _offset(message, 0)
    kind, header = _field(message, root, 1), _field(message, root, 2)
    if not kind or not header or message[kind] not in (_DICTIONARY, _RECORD):
        return 0
    batch = _offset(message, header)
    if message[kind] == _DICTIONARY:
        batch = _offset(message, _field(message, batch, 1))
    if not _field(message, batch, 3):
        return 0
    content, total = memoryview(body), 0
    for buffer in _vector(message, _field(message, batch, 2), 16):
        at, length = struct.unpack_from("<qq", message, buffer)
        if length > 0:
            (becomes,) = struct.unpack_from("<q", content, at)
            total += length if becomes < 0 else becomes
    return total


def _field(content: memoryview, table: int, number: int) -> int:
    """Return where a field of a flatbuffer's table lies; 0 where it is left out."""
    entries = table - struct.unpack_from("<i", content, table)[0]
    (size,) = struct.unpack_from("<H", content, entries)
    place = 4 + 2 * number
    offset = struct.unpack_from("<H", content, entries + place)[0] if place < size else 0
    return table + offset if offset else 0


def _offset(content: memoryview, at: int) -> int:
    return int(at + struct.unpack_from("<I", content, at)[0])


def _vector(content: memoryview, field: int, width: int) -> Iterator[int]:
    """Yield where the elements of a vector lie."""
    if field:
        start = _offset(content, field)
        (count,) = struct.unpack_from("<I", content, start)
        if start + 4 + count * width > len(content):
            raise IndexError(count)
        yield from range(start + 4, start + 4 + count * width, width)
