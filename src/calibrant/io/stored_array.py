"""An array that lies uncompressed in a file: where, of what type and shape; mapped, or read in part."""

from __future__ import annotations

import math
from dataclasses import dataclass
from tokenize import TokenError
from typing import IO, Any, final

import numpy as np
from numpy.typing import NDArray

from calibrant.io.format import Span
from calibrant.io.place import Place


@final
@dataclass(frozen=True, slots=True)
class StoredArray:
    """Where an array lies.

    Attributes
    ----------
    place : Place
        The file.
    offset : int
        Its first byte.
    dtype : dtype
        Type of its numbers.
    shape : tuple of int
        Its shape.
    fortran_order : bool
        Whether columns, not rows, lie together.
    """

    place: Place
    offset: int
    dtype: np.dtype[Any]
    shape: tuple[int, ...]
    fortran_order: bool = False

    @property
    def end(self) -> int:
        """The first byte behind it."""
        return self.offset + math.prod(self.shape) * self.dtype.itemsize

    @property
    def _order(self) -> Any:
        return "F" if self.fortran_order else "C"

    def of(self, numbers: NDArray[Any]) -> NDArray[Any]:
        """Return the array whose numbers, or bytes, were read in the order in which they lie."""
        if not numbers.size:
            return np.empty(self.shape, self.dtype)
        found: NDArray[Any] = numbers.view(self.dtype).reshape(self.shape, order=self._order)
        return found

    def read(self, span: Span | None) -> NDArray[Any]:
        """Return the rows: a read-only map of a file on this machine, a copy of what is elsewhere."""
        if not self.shape:
            return self.of(self._fetched(self.offset, self.end))
        rows = slice(None) if span is None else slice(span.start, span.stop)
        if self.end == self.offset:
            return np.empty(self.shape, self.dtype)[rows]
        if self.place.local is not None:
            mapped = np.memmap(self.place.local, self.dtype, "r", self.offset, self.shape, self._order)
            return mapped.view(np.ndarray)[rows]
        if self.fortran_order:
            return self.of(self._fetched(self.offset, self.end))[rows]
        start, stop, _ = rows.indices(self.shape[0])
        row = math.prod(self.shape[1:]) * self.dtype.itemsize
        found = self._fetched(self.offset + start * row, self.offset + stop * row)
        return found.reshape((stop - start, *self.shape[1:]))

    def _fetched(self, start: int, stop: int) -> NDArray[Any]:
        with self.place.open() as handle:
            handle.seek(start)
            content = handle.read(stop - start)
        return np.frombuffer(content, self.dtype)


def npy_header(handle: IO[bytes]) -> tuple[tuple[int, ...], bool, np.dtype[Any]]:
    """Read what stands before the numbers of an `.npy` array, and stop at the first of them.

    Raises
    ------
    ValueError
        It is none, or it holds Python objects, which only a pickle could restore.
    """
    version = np.lib.format.read_magic(handle)
    readers = {(1, 0): np.lib.format.read_array_header_1_0, (2, 0): np.lib.format.read_array_header_2_0}
    if version not in (*readers, (3, 0)):
        raise ValueError(f"version {version} of its header is not known.")
    try:
        # Version 3 differs in the encoding of field names alone, which this reader does not mind.
        shape, fortran_order, dtype = readers.get(version, np.lib.format.read_array_header_2_0)(handle)
    except (SyntaxError, TokenError, TypeError, RecursionError, MemoryError) as error:
        raise ValueError("its header is no description of an array.") from error
    if dtype.hasobject:
        raise ValueError("it holds Python objects, which are never loaded (they need pickle).")
    whole = all(isinstance(length, int) and not isinstance(length, bool) and length >= 0 for length in shape)
    if not whole or (0 not in shape and not dtype.itemsize):
        raise ValueError(f"its header gives the shape {shape} of the type {dtype}.")
    return shape, fortran_order, dtype
