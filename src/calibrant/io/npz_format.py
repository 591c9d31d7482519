"""NumPy's `.npz`: named arrays in a zip file. No pickle is loaded.

Arrays that were stored without compression (`numpy.savez`) are read in parts; compressed ones only whole.
"""

from __future__ import annotations

import math
import struct
import zipfile
import zlib
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import IO, Any, final

import numpy as np
from numpy.typing import NDArray

from calibrant.errors import UnreadableFile
from calibrant.io.damage import readable
from calibrant.io.format import ReadOptions, Span
from calibrant.io.growth import becomes_too_much, check_growth, check_room, width_of_number
from calibrant.io.named_arrays import ArrayFormat, own_arrays, text_checked
from calibrant.io.place import Place
from calibrant.io.stored_array import StoredArray, fill, npy_header
from calibrant.io.texts import name_array
from calibrant.predictions import AnyPredictions

_DAMAGE = (
    zipfile.BadZipFile,
    zlib.error,
    struct.error,
    EOFError,
    ValueError,
    OverflowError,
    NotImplementedError,
    RuntimeError,
    MemoryError,
)
_METHODS = (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED)
_LOCAL_HEADER = 30


@final
@dataclass(frozen=True, slots=True)
class _Archive:
    """An open `.npz` file: its members by the names of the arrays."""

    place: Place
    handle: IO[bytes]
    archive: zipfile.ZipFile
    members: dict[str, zipfile.ZipInfo]

    @property
    def keys(self) -> Sequence[str]:
        return list(self.members)

    @property
    def divisible(self) -> bool:
        return all(member.compress_type == zipfile.ZIP_STORED for member in self.members.values())

    def form(self, key: str) -> tuple[tuple[int, ...], int]:
        with self._content(key) as content:
            shape, _, dtype = npy_header(content)
        return shape, dtype.itemsize

    def read(self, key: str, span: Span | None) -> NDArray[Any]:
        if span is not None and self.divisible:
            return self._stored(key).read(span)
        with self._content(key) as content:
            shape, fortran_order, dtype = npy_header(content)
            stored = StoredArray(self.place, content.tell(), dtype, shape, fortran_order)
            self._check_size(key, stored.end)
            becomes = width_of_number(dtype) * math.prod(shape)
            self.check_growth(f"its member {key!r}", [self.members[key]], becomes)
            check_room(self.place, becomes)
            numbers = np.empty(stored.end - stored.offset, np.uint8)
            if not fill(numbers, content):
                raise EOFError(f"its member {key!r} ends too early.")
            content.read(1)  # up to the end, where its checksum is looked at
        array: NDArray[Any] = stored.of(numbers)
        return array if span is None else array[span.start : span.stop]

    def classes(self) -> tuple[str, ...] | None:
        if "classes" not in self.keys:
            return None
        names = text_checked(self.read("classes", None), self.place)
        if names.dtype.kind == "S":
            names = np.char.decode(names, "utf-8")
        return tuple(str(name) for name in names.ravel())

    def _content(self, key: str) -> IO[bytes]:
        member = self.members[key]
        if member.compress_type not in _METHODS:  # bzip2 and LZMA are decoded without a limit
            raise NotImplementedError(f"its member {key!r} is compressed in a way that NumPy does not use.")
        with self.archive.open(member) as start:
            if start.read(1) != np.lib.format.MAGIC_PREFIX[:1]:
                raise UnreadableFile(f"{self.place}: its member {key!r} is not an array.")
        return self.archive.open(member)

    def check_growth(self, what: str, members: Sequence[zipfile.ZipInfo], becomes: int) -> None:
        """Raise `UnreadableFile` where members become far more than they are."""
        stored = sum(member.compress_size for member in members)
        remedy = "store it without compression (numpy.savez)"
        check_growth(self.place, what, stored, becomes, remedy)

    def _check_size(self, key: str, size: int) -> None:
        if size != self.members[key].file_size:
            raise ValueError(f"its member {key!r} has not the size that its header gives.")

    def _stored(self, key: str) -> StoredArray:
        member = self.members[key]
        self.handle.seek(member.header_offset)
        header = self.handle.read(_LOCAL_HEADER)
        lengths = (int.from_bytes(header[at : at + 2], "little") for at in (26, 28))
        start = member.header_offset + _LOCAL_HEADER + sum(lengths)
        self.handle.seek(start)
        shape, fortran_order, dtype = npy_header(self.handle)
        stored = StoredArray(self.place, self.handle.tell(), dtype, shape, fortran_order)
        self._check_size(key, stored.end - start)
        return stored


@contextmanager
def _opened(place: Place, options: ReadOptions) -> Iterator[_Archive]:
    with readable(place, ".npz file", *_DAMAGE), place.open() as handle:
        if handle.read(len(np.lib.format.MAGIC_PREFIX)) == np.lib.format.MAGIC_PREFIX:
            raise UnreadableFile(f"{place} holds one array, not the named arrays of an .npz file.")
        with zipfile.ZipFile(handle) as archive:
            members = archive.infolist()
            named = {member.filename.removesuffix(".npy"): member for member in members}
            if len(named) < len(members):
                raise UnreadableFile(
                    f"{place} holds two arrays of one name. Write it again with numpy.savez."
                )
            found = _Archive(place, handle, archive, named)
            found.check_growth("what it holds", members, sum(member.file_size for member in members))
            yield found


def _write(path: Path, predictions: AnyPredictions) -> None:
    arrays = own_arrays(predictions)
    if predictions.classes is not None:
        arrays["classes"] = name_array(predictions.classes)
    with path.open("wb") as handle:
        np.savez_compressed(handle, **arrays)  # type: ignore[arg-type]  # no allow_pickle before NumPy 2.2
        if becomes_too_much(handle.tell(), sum(array.nbytes for array in arrays.values())):
            handle.seek(0)
            handle.truncate()
            np.savez(handle, **arrays)  # type: ignore[arg-type]


NPZ = ArrayFormat(".npz", _opened, _write)
