"""NumPy's `.npz`: named arrays in a zip file. No pickle is loaded.

Arrays that were stored without compression (`numpy.savez`) are read in parts; compressed ones only whole.
"""

from __future__ import annotations

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
from calibrant.io.growth import refuse_growth
from calibrant.io.named_arrays import ArrayFormat, own_arrays, text_checked
from calibrant.io.place import Place
from calibrant.io.stored_array import StoredArray, npy_header
from calibrant.predictions import AnyPredictions

_DAMAGE = (
    zipfile.BadZipFile,
    zlib.error,
    EOFError,
    ValueError,
    NotImplementedError,
    RuntimeError,
    MemoryError,
)
_LOCAL_HEADER = 30


@final
@dataclass(frozen=True, slots=True)
class _Archive:
    """An open `.npz` file."""

    place: Place
    handle: IO[bytes]
    arrays: Any

    @property
    def keys(self) -> Sequence[str]:
        return list(self.arrays.files)

    @property
    def divisible(self) -> bool:
        return all(member.compress_type == zipfile.ZIP_STORED for member in self.arrays.zip.infolist())

    def form(self, key: str) -> tuple[tuple[int, ...], int]:
        with self.arrays.zip.open(self._member(key)) as member:
            shape, _, dtype = npy_header(member)
        return shape, dtype.itemsize

    def read(self, key: str, span: Span | None) -> NDArray[Any]:
        if span is not None and self.divisible:
            return self._stored(key).read(span)
        array = self.arrays[key]
        if not isinstance(array, np.ndarray):  # NumPy hands out a member that is no array as bytes
            raise UnreadableFile(f"{self.place}: its member {key!r} is not an array.")
        return array if span is None else array[span.start : span.stop]

    def classes(self) -> tuple[str, ...] | None:
        if "classes" not in self.keys:
            return None
        names = text_checked(self.read("classes", None), self.place)
        if names.dtype.kind == "S":
            names = np.char.decode(names, "utf-8")
        return tuple(str(name) for name in names.ravel())

    def _member(self, key: str) -> zipfile.ZipInfo:
        names = self.arrays.zip.namelist()
        found: zipfile.ZipInfo = self.arrays.zip.getinfo(f"{key}.npy" if f"{key}.npy" in names else key)
        return found

    def _stored(self, key: str) -> StoredArray:
        member = self._member(key)
        self.handle.seek(member.header_offset)
        header = self.handle.read(_LOCAL_HEADER)
        lengths = (int.from_bytes(header[at : at + 2], "little") for at in (26, 28))
        start = member.header_offset + _LOCAL_HEADER + sum(lengths)
        self.handle.seek(start)
        shape, fortran_order, dtype = npy_header(self.handle)
        stored = StoredArray(self.place, self.handle.tell(), dtype, shape, fortran_order)
        if stored.end != start + member.file_size:
            raise ValueError(f"its member {key!r} has not the size that its header gives.")
        return stored


@contextmanager
def _opened(place: Place, options: ReadOptions) -> Iterator[_Archive]:
    # Opened here, because NumPy leaves a file open whose zip directory is damaged.
    with readable(place, ".npz file", *_DAMAGE), place.open() as handle:
        arrays = np.load(handle, allow_pickle=False)
        if not isinstance(arrays, np.lib.npyio.NpzFile):
            raise UnreadableFile(f"{place} holds one array, not the named arrays of an .npz file.")
        with arrays:
            assert arrays.zip is not None
            _refuse_bombs(place, arrays.zip)
            yield _Archive(place, handle, arrays)


def _refuse_bombs(place: Place, archive: zipfile.ZipFile) -> None:
    for member in archive.infolist():
        refuse_growth(
            place,
            f"its member {member.filename!r}",
            stored=member.compress_size,
            promised=member.file_size,
            plainly="store it without compression (numpy.savez)",
        )


def _write(path: Path, predictions: AnyPredictions) -> None:
    arrays = own_arrays(predictions)
    if predictions.classes is not None:
        arrays["classes"] = np.array(predictions.classes, dtype=np.str_)
    with path.open("wb") as handle:
        np.savez_compressed(handle, **arrays)  # type: ignore[arg-type]  # no allow_pickle before NumPy 2.2


NPZ = ArrayFormat(".npz", _opened, _write)
