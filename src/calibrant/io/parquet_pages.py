"""What the pages of a Parquet file say they become, read from their headers before any is decoded.

pyarrow makes room for as much as a header says before it looks at what is in the page. Where the pages are is
read here too, since pyarrow ends the process where a column's part of the footer is damaged. Both are structs
in Thrift's compact protocol: https://parquet.apache.org/docs/file-format/.
"""

from __future__ import annotations

import struct
from collections.abc import Collection, Iterator
from typing import Any

from calibrant.io.thrift import I32, I64, STRUCT, Compact

_TAIL = 8
"""The length of the footer, and the magic word."""
_LONGEST_FOOTER, _LONGEST_HEADER = 1 << 22, 1 << 22
_FIRST_LOOK = 1 << 9
_MOST_PAGES = 100_000

# The numbers of fields in FileMetaData, RowGroup, ColumnChunk, ColumnMetaData and PageHeader.
_ROW_GROUPS, _COLUMNS, _COLUMN = 4, 1, 3
_STORED_OF_CHUNK, _DATA_PAGE, _DICTIONARY_PAGE = 7, 9, 11
_UNCOMPRESSED, _COMPRESSED = 2, 3


def decoded_bytes(source: Any, groups: Collection[int]) -> int:
    """Return how many bytes all pages of some row groups together become.

    Parameters
    ----------
    source : pyarrow.NativeFile
        Of the whole file.
    groups : collection of int
        Numbers of the row groups.

    Raises
    ------
    ValueError
        The footer or a header is damaged; a page goes on beyond the file; there are more than 100,000 pages;
        the footer has more than 4 MiB.
    """
    size, total, pages = source.size(), 0, 0
    for group, at, stored_of_chunk in column_chunks(_footer(source, size)):
        if group not in groups:
            continue
        stop = at + stored_of_chunk
        while at < stop:
            length, becomes, stored = _header(source, at)
            total, pages, at = total + becomes, pages + 1, at + length + stored
            if at > size:
                raise ValueError("one of its pages is larger than the file.")
            if pages > _MOST_PAGES:
                raise ValueError(f"it has more than {_MOST_PAGES:,} pages for its {size:,} bytes.")
    return total


def column_chunks(footer: bytes) -> Iterator[tuple[int, int, int]]:
    """Yield for each column of each row group its number, where its pages begin and in how many bytes."""
    reader = Compact(footer)
    try:
        for group, _ in enumerate(reader.structs_of(_ROW_GROUPS)):
            for _ in reader.structs_of(_COLUMNS):
                found: dict[int, int] = {}
                for number, kind in reader.fields():
                    if (number, kind) == (_COLUMN, STRUCT):
                        found |= reader.numbers(I64)
                    else:
                        reader.skip(kind)
                yield group, _first_page(found), found.get(_STORED_OF_CHUNK, 0)
    except IndexError as error:
        raise ValueError("its footer is cut off.") from error


def page_header(content: bytes) -> tuple[int, int, int]:
    """Return the length of the header that stands first, and its page's bytes decoded and as they are stored.

    Raises
    ------
    IndexError
        The header goes on beyond these bytes.
    ValueError
        It is damaged.
    """
    reader = Compact(content)
    sizes = reader.numbers(I32)
    becomes, stored = sizes.get(_UNCOMPRESSED, -1), sizes.get(_COMPRESSED, -1)
    if becomes < 0 or stored < 0:
        raise ValueError("one of its pages does not say how large it is.")
    return reader.at, becomes, stored


def _first_page(found: dict[int, int]) -> int:
    """Return where pyarrow starts to read."""
    data, dictionary = found.get(_DATA_PAGE, 0), found.get(_DICTIONARY_PAGE, 0)
    at = dictionary if 0 < dictionary < data else data
    if at < 0:
        raise ValueError("its footer is damaged: a column begins before the file.")
    return at


def _footer(source: Any, size: int) -> bytes:
    source.seek(size - _TAIL)
    (length,) = struct.unpack("<I", source.read(_TAIL)[:4])
    if length > min(size - _TAIL, _LONGEST_FOOTER):
        raise ValueError(
            f"its footer has {length:,} of its {size:,} bytes, and at most {_LONGEST_FOOTER:,} are read of "
            "so small a file. Write it with fewer row groups"
        )
    source.seek(size - _TAIL - length)
    return bytes(source.read(length))


def _header(source: Any, at: int) -> tuple[int, int, int]:
    look = _FIRST_LOOK
    while True:
        source.seek(at)
        content = source.read(look)
        try:
            return page_header(content)
        except IndexError:
            if len(content) < look or look >= _LONGEST_HEADER:
                raise ValueError("the header of one of its pages is cut off.") from None
            look *= 8
