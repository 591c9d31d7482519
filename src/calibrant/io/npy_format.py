"""NumPy's `.npy`: scores in one file and labels in another beside it, or all rows in one structured array.

`NAME.logits.npy` (or `NAME_logits.npy`, or `logits.npy`) goes with `NAME.labels.npy`. A structured array has
a field for each column; an empty field `classes` says that the class names follow it as another array.
No pickle is loaded.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import IO, Any, final

import numpy as np
from numpy.typing import NDArray

from calibrant._typing import Kind
from calibrant.errors import UnreadableFile
from calibrant.io.damage import readable
from calibrant.io.format import LABEL_KEYS, Append, ReadOptions, Schema, Span
from calibrant.io.named_arrays import PER_ROW, ArrayFormat, own_arrays, text_checked
from calibrant.io.place import Place
from calibrant.io.stored_array import StoredArray, npy_header
from calibrant.io.texts import name_array
from calibrant.plain import check_plain
from calibrant.predictions import AnyPredictions

_NAMED = re.compile(r"(.*?)(logits|probs|confidence)\.npy", re.IGNORECASE)
_COMPANIONS = (*LABEL_KEYS, "counts", "correct", "prediction", *PER_ROW)
_DAMAGE = (ValueError, EOFError, OSError, SyntaxError, MemoryError, OverflowError)


@final
@dataclass(frozen=True, slots=True)
class _Columns:
    """Arrays of one file or of several: by name, where each lies."""

    stored: dict[str, StoredArray]
    names: StoredArray | None
    structured: bool
    records: dict[Span | None, NDArray[Any]] = field(default_factory=dict)

    divisible = True

    @property
    def keys(self) -> Sequence[str]:
        return list(self.stored) if not self.structured else list(self._record.dtype.names or ())

    @property
    def _record(self) -> StoredArray:
        return self.stored["rows"]

    def form(self, key: str) -> tuple[tuple[int, ...], int]:
        if not self.structured:
            return self.stored[key].shape, self.stored[key].dtype.itemsize
        cell = self._record.dtype[key]
        return self._record.shape + cell.shape, cell.base.itemsize

    def read(self, key: str, span: Span | None) -> NDArray[Any]:
        if not self.structured:
            return self.stored[key].read(span)
        if span not in self.records:
            self.records[span] = self._record.read(span)
        # Copied, because the numbers of a field lie apart, and perhaps not where the processor wants them.
        return np.ascontiguousarray(self.records[span][key])

    def classes(self) -> tuple[str, ...] | None:
        if self.names is None:
            return None
        names = text_checked(self.names.read(None), self.names.place)
        return tuple(str(name) for name in names.ravel())


@contextmanager
def _opened(place: Place, options: ReadOptions) -> Iterator[_Columns]:
    with readable(place, ".npy file", *_DAMAGE):
        scores, rest = _stored(place, 0)
        if scores.dtype.names is not None:
            if len(scores.shape) != 1:
                raise UnreadableFile(f"{place} is a table of the shape {scores.shape}, not one row a sample.")
            named = "classes" in scores.dtype.names
            if named and not rest:
                raise UnreadableFile(
                    f"{place} ends before the names of its classes. It is cut off: copy it again."
                )
            names = _stored(place, scores.end)[0] if named else None
            yield _Columns({"rows": scores}, names, structured=True)
            return
        stored = {_key_of(place, options): scores}
        beside = files_beside(place, options)
        stored |= {name: _stored(other, 0)[0] for name, other in beside.items() if other.exists}
        if len(stored) == 1:
            raise UnreadableFile(
                f"{place} holds scores alone, with no file of true classes beside it: "
                f"name that one {_prefix(place)}labels.npy."
            )
        names = stored.pop("classes", None)
        yield _Columns(stored, names, structured=False)


def files_beside(place: Place, options: ReadOptions) -> dict[str, Place]:
    """Return where the other columns of a file of scores are looked for, be they there or not, by name."""
    keys = [key for key in (options.label_key, options.counts_key) if key is not None and "/" not in key]
    return {name: place.beside(f"{_prefix(place)}{name}.npy") for name in (*_COMPANIONS, "classes", *keys)}


def _prefix(place: Place) -> str:
    named = _NAMED.fullmatch(place.name)
    return f"{place.name[: -len('.npy')]}." if named is None else named[1]


def _key_of(place: Place, options: ReadOptions) -> str:
    named = _NAMED.fullmatch(place.name)
    if named is not None:
        return options.scores_key or named[2].lower()
    kind: Kind | None = options.kind
    if kind is None:
        raise UnreadableFile(
            f"the name {place} does not say what the array holds. Say it with --kind, or name the file "
            f"{Path(place.name).stem}.logits.npy or {Path(place.name).stem}.probs.npy."
        )
    return options.scores_key or kind


def _stored(place: Place, start: int) -> tuple[StoredArray, bool]:
    """Return the array that starts at a byte, and whether anything follows it."""
    if place.local is not None:
        check_plain(place.local)
    state = place.state
    with readable(place, ".npy file", *_DAMAGE), place.open() as handle:
        size = handle.seek(0, 2)
        handle.seek(start)
        shape, fortran_order, dtype = npy_header(handle)
        stored = StoredArray(place, handle.tell(), dtype, shape, fortran_order, state)
    if stored.end > size:
        raise UnreadableFile(
            f"{place} ends after {size:,} bytes; its array of the shape {shape} needs {stored.end:,}. "
            "It is cut off: copy it again."
        )
    return stored, stored.end < size


@contextmanager
def npy_writer(path: Path, schema: Schema | None, n: int) -> Iterator[Append]:
    """Open a file that `n` rows are appended to, all with columns of the types that the first have."""
    with path.open("wb") as handle:
        table: _Table | None = None

        def append(predictions: AnyPredictions) -> None:
            nonlocal table
            table = table or _Table.begun(handle, own_arrays(predictions), n, predictions.classes)
            table.append(own_arrays(predictions))

        yield append
        if table is not None and table.classes is not None:
            np.save(handle, name_array(table.classes), allow_pickle=False)


@final
@dataclass(frozen=True, slots=True)
class _Table:
    """A structured array that is being written."""

    handle: IO[bytes]
    dtype: np.dtype[Any]
    classes: tuple[str, ...] | None

    @classmethod
    def begun(
        cls, handle: IO[bytes], columns: dict[str, NDArray[Any]], n: int, classes: tuple[str, ...] | None
    ) -> _Table:
        """Write the header."""
        fields = [(name, column.dtype, column.shape[1:]) for name, column in columns.items()]
        if classes is not None:
            fields.append(("classes", np.dtype(np.uint8), (0,)))
        dtype = np.dtype(fields, align=True)
        header = {"descr": np.lib.format.dtype_to_descr(dtype), "fortran_order": False, "shape": (n,)}
        np.lib.format.write_array_header_1_0(handle, header)
        return cls(handle, dtype, classes)

    def append(self, columns: dict[str, NDArray[Any]]) -> None:
        """Write rows."""
        rows = np.zeros(len(next(iter(columns.values()))), self.dtype)
        for name, column in columns.items():
            rows[name] = column
        self.handle.write(rows.tobytes())


def _write(path: Path, predictions: AnyPredictions) -> None:
    with npy_writer(path, None, predictions.n) as append:
        append(predictions)


NPY = ArrayFormat(".npy", _opened, _write)
