"""An array that lies uncompressed in a file: where, of what type and shape; read as a whole or in part.

It is read, not mapped into memory: a file that is cut off under a map ends the process.
"""

from __future__ import annotations

import math
import warnings
from dataclasses import dataclass
from tokenize import TokenError
from typing import IO, Any, final

import numpy as np
from numpy.typing import NDArray

from calibrant.errors import UnreadableFile
from calibrant.io.damage import changed
from calibrant.io.format import Span
from calibrant.io.growth import check_room
from calibrant.io.place import Place

_AT_ONCE = 1 << 20


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
    state : tuple of int, optional
        State of the file when that was found; reading another is an error.
    """

    place: Place
    offset: int
    dtype: np.dtype[Any]
    shape: tuple[int, ...]
    fortran_order: bool = False
    state: tuple[int, int] | None = None

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
        """Return the rows, read-only.

        Raises
        ------
        UnreadableFile
            They do not fit into memory, or the file has become shorter.
        """
        if self.end == self.offset:
            return np.empty(self.shape, self.dtype)[
                slice(None) if span is None else slice(span.start, span.stop)
            ]
        if not self.shape:
            return self._filled(np.empty((), self.dtype), [(0, ...)])
        start, stop, _ = slice(None if span is None else span.start, span and span.stop).indices(
            self.shape[0]
        )
        shape = (stop - start, *self.shape[1:])
        if not self.fortran_order:
            row = math.prod(self.shape[1:]) * self.dtype.itemsize
            return self._filled(self._room(shape, "C"), [(start * row, ...)])
        columns = self._room(shape, "F")
        if stop - start == self.shape[0]:
            return self._filled(columns.T, [(0, ...)]).T
        length, item = self.shape[0], self.dtype.itemsize
        pieces = [
            ((number * length + start) * item, index)
            for number, index in enumerate(np.ndindex(self.shape[:0:-1]))
        ]
        return self._filled(columns.T, pieces).T

    def _room(self, shape: tuple[int, ...], order: Any) -> NDArray[Any]:
        check_room(self.place, math.prod(shape) * self.dtype.itemsize)
        return np.empty(shape, self.dtype, order)

    def _filled(self, array: NDArray[Any], pieces: list[tuple[int, Any]]) -> NDArray[Any]:
        """Read into the parts of an array, each from a byte of the stored one on."""
        with self.place.open() as handle:
            for first, index in pieces:
                handle.seek(self.offset + first)
                if not fill(array[index], handle):
                    raise UnreadableFile(
                        f"{self.place} ends before its array does. It is cut off: copy it again."
                    )
        if self.state is not None and self.place.state != self.state:
            raise changed(self.place)
        array.flags.writeable = False
        return array


def fill(array: NDArray[Any], handle: IO[bytes]) -> bool:
    """Read an array whose numbers lie together, from where the file stands; say whether it holds enough."""
    content: Any = array.reshape(-1).view(np.uint8).data
    at = 0
    while at < len(content):
        # A member of an archive makes a second copy of what is asked for at once.
        more = handle.readinto(content[at : at + _AT_ONCE])  # type: ignore[attr-defined]
        if not more:
            return False
        at += more
    return True


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
        with warnings.catch_warnings(action="ignore"):  # of headers in Python 2's form, and of odd ones
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
