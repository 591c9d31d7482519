"""Thrift's compact protocol, read from the front: numbers that are asked for, and all else passed over.

https://github.com/apache/thrift/blob/master/doc/specs/thrift-compact-protocol.md
"""

from __future__ import annotations

from collections.abc import Callable, Iterator

_STOP, _TRUE, _FALSE, _BYTE, _I16, I32, I64, _DOUBLE, _BINARY, LIST, _SET, _MAP, STRUCT = range(13)
_DEEPEST = 16
_LONGEST_NUMBER = 64
_DAMAGED = "the description of what it holds is damaged."


class Compact:
    """Bytes, and how far they have been read.

    All methods raise `IndexError` where the bytes end too early, and `ValueError` where they cannot be.

    Attributes
    ----------
    at : int
        How many bytes have been read.
    """

    def __init__(self, content: bytes) -> None:
        self._content, self.at = content, 0
        self._skipped: dict[int, Callable[[int], object]] = {
            _TRUE: lambda depth: None,
            _FALSE: lambda depth: None,
            _BYTE: lambda depth: self._pass(1),
            _I16: lambda depth: self._length(),
            I32: lambda depth: self._length(),
            I64: lambda depth: self._length(),
            _DOUBLE: lambda depth: self._pass(8),
            _BINARY: lambda depth: self._pass(self._length()),
            LIST: self._skip_list,
            _SET: self._skip_list,
            _MAP: self._skip_map,
            STRUCT: self._skip_struct,
        }

    def fields(self) -> Iterator[tuple[int, int]]:
        """Yield number and kind of each field of a struct; the one before has been read or skipped."""
        number = 0
        while (head := self._byte()) != _STOP:
            number = number + (head >> 4) if head >> 4 else self._number()
            yield number, head & 0x0F

    def numbers(self, wanted: int) -> dict[int, int]:
        """Return the whole numbers of one kind in a struct, by number of field; the last of each."""
        found = {}
        for number, kind in self.fields():
            if kind == wanted:
                found[number] = self._number()
            else:
                self.skip(kind)
        return found

    def structs_of(self, wanted: int) -> Iterator[None]:
        """Stop at each struct in a list that is a field of this struct; it has been read before the next."""
        found = False
        for number, kind in self.fields():
            if (number, kind) != (wanted, LIST):
                self.skip(kind)
                continue
            count, element = self._head_of_list()
            if found or (count and element != STRUCT):
                raise ValueError(_DAMAGED)
            found = True
            for _ in range(count):
                yield

    def skip(self, kind: int, depth: int = 0) -> None:
        """Pass over a value."""
        if depth > _DEEPEST or kind not in self._skipped:
            raise ValueError(_DAMAGED)
        self._skipped[kind](depth)
        if self.at > len(self._content):
            raise IndexError(self.at)

    def _head_of_list(self) -> tuple[int, int]:
        head = self._byte()
        return self._length() if head >> 4 == 0x0F else head >> 4, head & 0x0F

    def _skip_list(self, depth: int) -> None:
        count, kind = self._head_of_list()
        self._skip_elements(count, (kind,), depth)

    def _skip_map(self, depth: int) -> None:
        if count := self._length():
            kinds = self._byte()
            self._skip_elements(count, (kinds >> 4, kinds & 0x0F), depth)

    def _skip_elements(self, count: int, kinds: tuple[int, ...], depth: int) -> None:
        for _ in range(count):
            for kind in kinds:
                self.skip(_BYTE if kind in (_TRUE, _FALSE) else kind, depth + 1)

    def _skip_struct(self, depth: int) -> None:
        for _, kind in self.fields():
            self.skip(kind, depth + 1)

    def _number(self) -> int:
        coded = self._length()
        return (coded >> 1) ^ -(coded & 1)

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
        raise ValueError(_DAMAGED)
