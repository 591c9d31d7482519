"""Safetensors: named tensors and nothing that could run; the names of the classes stand in the metadata.

bfloat16, which NumPy does not have, becomes float32. Text in `groups` and
`ids` is stored as UTF-8 bytes, (n, width).
"""

from __future__ import annotations

import json
import math
import re
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any, final

import numpy as np
from numpy.typing import NDArray

from calibrant.errors import MissingExtra, UnreadableFile
from calibrant.io.class_names import names_in_json
from calibrant.io.damage import readable
from calibrant.io.format import ReadOptions, Span
from calibrant.io.named_arrays import ArrayFormat, own_arrays
from calibrant.io.place import Place
from calibrant.io.stored_array import StoredArray
from calibrant.io.text_tensors import decoded, encoded
from calibrant.predictions import AnyPredictions

_TYPES = {
    "F16": np.float16, "F32": np.float32, "F64": np.float64, "BF16": np.uint16, "BOOL": np.bool_,
    "I8": np.int8, "I16": np.int16, "I32": np.int32, "I64": np.int64,
    "U8": np.uint8, "U16": np.uint16, "U32": np.uint32, "U64": np.uint64,
}  # fmt: skip
_LENGTH_BYTES = 8


@final
@dataclass(frozen=True, slots=True)
class _Tensors:
    """The tensors of a file: where each lies, and of what type."""

    place: Place
    stored: dict[str, StoredArray]
    types: dict[str, str]
    metadata: dict[str, str]

    divisible = True

    @property
    def keys(self) -> Sequence[str]:
        return list(self.types)

    def form(self, key: str) -> tuple[tuple[int, ...], int]:
        stored = self._tensor(key)
        shape = stored.shape[:1] if key in ("groups", "ids") else stored.shape
        return shape, 4 if self.types[key] == "BF16" else stored.dtype.itemsize

    def read(self, key: str, span: Span | None) -> NDArray[Any]:
        tensor = self._tensor(key).read(span)
        if self.types[key] == "BF16":
            return widened(tensor)
        return decoded(tensor) if key in ("groups", "ids") and tensor.ndim == 2 else tensor

    def classes(self) -> tuple[str, ...] | None:
        names = self.metadata.get("classes")
        return None if names is None else names_in_json(names, f"{self.place}: 'classes' in its metadata")

    def _tensor(self, key: str) -> StoredArray:
        if key not in self.stored:
            raise UnreadableFile(
                f"{self.place}: the tensor {key!r} is of the type {self.types[key]}, which NumPy does not "
                "have. Store it as float32."
            )
        return self.stored[key]


def widened(bits: NDArray[Any]) -> NDArray[np.float32]:
    """Return the bits of bfloat16 numbers as float32, which holds each exactly."""
    return (bits.astype(np.uint32) << np.uint32(16)).view(np.float32)


@contextmanager
def _opened(place: Place, options: ReadOptions) -> Iterator[_Tensors]:
    safetensors = _library()
    damage = (safetensors.SafetensorError, OSError, ValueError, OverflowError, MemoryError)
    with readable(place, ".safetensors file", *damage), place.on_disk() as path:
        with path.open("rb") as handle:
            position = _LENGTH_BYTES + int.from_bytes(handle.read(_LENGTH_BYTES), "little")
        stored: dict[str, StoredArray] = {}
        types: dict[str, str] = {}
        # The library checks that tensors follow one another without holes up to the end of the file.
        with safetensors.safe_open(path, framework="numpy") as content:
            for key in content.offset_keys():
                tensor = content.get_slice(key)
                types[key], shape = tensor.get_dtype(), tuple(tensor.get_shape())
                if types[key] in _TYPES:
                    dtype = np.dtype(_TYPES[types[key]]).newbyteorder("<")
                    stored[key] = StoredArray(Place(str(path)), position, dtype, shape)
                position += math.prod(shape) * _bits(types[key]) // 8
            metadata = content.metadata() or {}
        yield _Tensors(place, stored, types, metadata)


def _bits(name: str) -> int:
    number = re.search(r"[0-9]+", name)
    return 8 if number is None else int(number[0])


def _write(path: Path, predictions: AnyPredictions) -> None:
    _library()
    from safetensors.numpy import save_file

    arrays = own_arrays(predictions)
    tensors = {
        name: encoded(array) if array.dtype.kind == "U" else np.ascontiguousarray(array)
        for name, array in arrays.items()
    }
    metadata = None
    if predictions.classes is not None:
        metadata = {"classes": json.dumps(predictions.classes, ensure_ascii=False)}
    save_file(tensors, path, metadata)


def _library() -> Any:
    try:
        import safetensors
    except ModuleNotFoundError as missing:
        raise MissingExtra("Reading and writing .safetensors", "safetensors", "safetensors") from missing
    return safetensors


SAFETENSORS = ArrayFormat(".safetensors", _opened, _write)
