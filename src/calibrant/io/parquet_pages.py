"""What the pages of a Parquet file say they become, read from their headers before any is decoded.

pyarrow makes room for as much as a header says before it looks at what is in the page. Headers are structs in
Thrift's compact protocol: https://parquet.apache.org/docs/file-format/data-pages/.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

_UNCOMPRESSED, _COMPRESSED = 2, 3
_STOP, _TRUE, _FALSE, _BYTE, _I16, _I32, _I64, _DOUBLE, _BINARY, _LIST, _SET, _MAP, _STRUCT = range(13)
_FIRST_LOOK, _LONGEST = 1 << 9, 1 << 24
_DEEPEST = 16
_LONGEST_NUMBER = 64


def decoded_bytes(source: Any, chunks: Iterator[Any]) -> int:
    """Return how many bytes the pages of some column chunks together become.

    Parameters
    ----------
    source : pyarrow.NativeFile
        Of the whole file.
    chunks : iterable of pyarrow.parquet.ColumnChunkMetaData
        Where the pages are.

    Raises
    ------
    ValueError
        A header is damaged, or says that its page goes on beyond the file.
    """
    total, size = 0, source.size()
    for chunk in chunks:
        at = first_page(chunk)
        stop = at + chunk.total_compressed_size
        while at < stop:
            length, becomes, stored = _header(source, at)
            total += becomes
            at += length + stored
            if at > size:
                raise ValueError("one of its pages is larger than the file.")
    return total


def first_page(chunk: Any) -> int:
    """Return where the pages of a column chunk begin, as pyarrow finds it."""
    data, dictionary = int(chunk.data_page_offset), chunk.dictionary_page_offset
    return int(dictionary) if dictionary is not None and 0 < dictionary < data else data


def page_header(content: bytes) -> tuple[int, int, int]:
    """Return the length of the header that stands first, and its page's bytes decoded and as they are stored.

    Raises
    ------
    IndexError
        The header goes on beyond these bytes.
    ValueError
        It is damaged.
    """
    reader = _Compact(content)
    sizes: dict[int, int] = {}
    for number, kind in reader.fields():
        if kind == _I32 and number in (_UNCOMPRESSED, _COMPRESSED):
            sizes[number] = reader.number()
        else:
            reader.skip(kind, 0)
    if reader.at > len(content):
        raise IndexError(reader.at)
    becomes, stored = sizes.get(_UNCOMPRESSED, -1), sizes.get(_COMPRESSED, -1)
    if becomes < 0 or stored < 0:
        raise ValueError("one of its pages does not say how large it is.")
    return reader.at, becomes, stored


def _header(source: Any, at: int) -> tuple[int, int, int]:
    look = _FIRST_LOOK
    while True:
        source.seek(at)
        content = source.read(look)
        try:
            return page_header(content)
        except IndexError:
            if len(content) < look or look >= _LONGEST:
                raise ValueError("the header of one of its pages is cut off.") from None
            look *= 8


class _Compact:
    """Bytes in Thrift's compact protocol, read from the front."""

    def __init__(self, content: bytes) -> None:
        self._content, self.at = content, 0
        self._skipped: dict[int, Callable[[int], None]] = {
            _TRUE: lambda depth: None,
            _FALSE: lambda depth: None,
            _BYTE: lambda depth: self._pass(1),
            _I16: lambda depth: self._pass_number(),
            _I32: lambda depth: self._pass_number(),
            _I64: lambda depth: self._pass_number(),
            _DOUBLE: lambda depth: self._pass(8),
            _BINARY: lambda depth: self._pass(self._length()),
            _LIST: self._skip_list,
            _SET: self._skip_list,
            _MAP: self._skip_map,
            _STRUCT: self._skip_struct,
        }

    def fields(self) -> Iterator[tuple[int, int]]:
        """Yield number and kind of each field of a struct; the one before has been read or skipped."""
        number = 0
        while (head := self._byte()) != _STOP:
            number = number + (head >> 4) if head >> 4 else self.number()
            yield number, head & 0x0F

    def number(self) -> int:
        """Return a whole number with its sign."""
        coded = self._length()
        return (coded >> 1) ^ -(coded & 1)

    def skip(self, kind: int, depth: int) -> None:
        """Pass over a value."""
        if depth > _DEEPEST or kind not in self._skipped:
            raise ValueError("the header of one of its pages is damaged.")
        self._skipped[kind](depth)

    def _skip_list(self, depth: int) -> None:
        head = self._byte()
        self._skip_elements(self._length() if head >> 4 == 0x0F else head >> 4, (head & 0x0F,), depth)

    def _skip_map(self, depth: int) -> None:
        if count := self._length():
            kinds = self._byte()
            self._skip_elements(count, (kinds >> 4, kinds & 0x0F), depth)

    def _skip_elements(self, count: int, kinds: tuple[int, ...], depth: int) -> None:
        for _ in range(count):
            for kind in kinds:
                self.skip(_BYTE if kind in (_TRUE, _FALSE) else kind, depth + 1)
            if self.at > len(self._content):
                raise IndexError(self.at)

    def _skip_struct(self, depth: int) -> None:
        for _, kind in self.fields():
            self.skip(kind, depth + 1)

    def _pass_number(self) -> None:
        self._length()

    def _pass(self, count: int) -> None:
        self.at += count

    def _byte(self) -> int:
        self.at += 1
        return self._content[self.at - 1]

    def _length(self) -> int:
        value = 0
        for shift in range(0, _LONGEST_NUMBER, 7):
            byte = self._byte()
            value |= (byte & 0x7F) << shift
            if byte < 0x80:
                return value
        raise ValueError("the header of one of its pages is damaged.")
