"""What PyTorch saves: `logits` or `probs` and `labels` in a dict, or the pair (scores, labels) with --kind.

Only tensors, numbers, text and their lists and dicts are loaded (`weights_only`); anything else in the file
is refused without being run. Tensors are mapped into memory, for some rows to be read without the others, and
what is read is copied out of the map; bfloat16 becomes float32.
"""

from __future__ import annotations

import pickle
import warnings
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any, final

import numpy as np
from numpy.typing import NDArray

from calibrant.errors import MissingExtra, UnreadableFile
from calibrant.foreign import TORCH_DAMAGE, is_stored
from calibrant.io.damage import readable
from calibrant.io.format import ReadOptions, Span
from calibrant.io.growth import check_growth
from calibrant.io.named_arrays import ArrayFormat, own_arrays
from calibrant.io.place import Place
from calibrant.io.texts import text_array
from calibrant.predictions import AnyPredictions


@final
@dataclass(frozen=True, slots=True)
class _Contents:
    """The tensors and lists of a file, by name."""

    place: Place
    values: Mapping[str, Any]

    divisible = True

    @property
    def keys(self) -> Sequence[str]:
        return list(self.values)

    def form(self, key: str) -> tuple[tuple[int, ...], int]:
        value = self.values[key]
        if isinstance(value, list | tuple):
            return (len(value),), 8
        widened = str(value.dtype) == "torch.bfloat16"
        return tuple(value.shape), 4 if widened else value.element_size()

    def read(self, key: str, span: Span | None) -> NDArray[Any]:
        value = self.values[key]
        rows = value if span is None else value[span.start : span.stop]
        if isinstance(value, list | tuple):
            text = all(isinstance(item, str) for item in rows)
            return text_array(rows, key, self.place) if text else np.asarray(rows)
        if rows.dtype.is_floating_point and str(rows.dtype) not in _SHARED_FLOATS:
            rows = rows.float()
        array: NDArray[Any] = rows.detach().clone().numpy()
        return array

    def classes(self) -> tuple[str, ...] | None:
        names = self.values.get("classes")
        if names is None:
            return None
        if not isinstance(names, list | tuple):
            raise UnreadableFile(f"{self.place}: 'classes' must be a list of names.")
        if not all(isinstance(name, str | int) for name in names):
            raise UnreadableFile(f"{self.place}: 'classes' must be a list of names, which are text.")
        return tuple(str(name) for name in names)


_FEW_CELLS = 1 << 20
_SHARED_FLOATS = ("torch.float16", "torch.float32", "torch.float64")


@contextmanager
def _opened(place: Place, options: ReadOptions) -> Iterator[_Contents]:
    torch = _library(f"Reading {place}")
    with readable(place, "file of tensors", *TORCH_DAMAGE):
        with place.open() as handle:
            archive = is_stored(handle)
            mapped = archive and place.local is not None
            handle.seek(0)
            source = str(place.local) if mapped else handle
            try:
                with warnings.catch_warnings(action="ignore"):  # of what is refused below
                    content = torch.load(source, map_location="cpu", weights_only=True, mmap=mapped)
            except pickle.UnpicklingError as refused:
                raise UnreadableFile(
                    f"{place} is not a file of plain tensors; nothing else is loaded, as it could run code. "
                    "Save a dict: torch.save({'logits': logits, 'labels': labels}, path)."
                ) from refused
        yield _Contents(place, _by_name(content, place, options, torch))


def _by_name(content: Any, place: Place, options: ReadOptions, torch: Any) -> dict[str, Any]:
    if isinstance(content, Mapping):
        rows = {str(key): value for key, value in content.items()}
    elif isinstance(content, list | tuple) and len(content) == 2:
        if options.kind is None:
            raise UnreadableFile(f"{place} holds a pair without names: say with --kind what its scores are.")
        rows = {options.scores_key or options.kind: content[0], options.label_key or "labels": content[1]}
    else:
        raise UnreadableFile(
            f"{place} holds a {type(content).__name__}; it must be a dict with 'logits' or 'probs' and "
            "'labels', or the pair (scores, labels)."
        )
    for key, value in rows.items():
        if isinstance(value, torch.Tensor):
            _check_dense(value, key, place, torch)
        elif isinstance(value, list | tuple):
            _check_list(value, key, place)
    return {key: value for key, value in rows.items() if isinstance(value, torch.Tensor | list | tuple)}


def _check_dense(tensor: Any, key: str, place: Place, torch: Any) -> None:
    if tensor.layout != torch.strided or tensor.is_quantized:
        raise UnreadableFile(f"{place}: the tensor {key!r} is sparse or quantised. Save it dense.")
    stored, becomes = tensor.untyped_storage().nbytes(), tensor.numel() * tensor.element_size()
    check_growth(place, f"the tensor {key!r}", stored, becomes, "save its clone()")


def _check_list(values: Sequence[Any], key: str, place: Place) -> None:
    """Refuse lists of lists of lists, and lists that stand in the file once and in the values many times."""
    rows = [value for value in values if isinstance(value, list | tuple)]
    cells = len(values) + sum(map(len, rows))
    if cells > max(place.size, _FEW_CELLS):  # each takes a byte of the file at least, unless it is shared
        raise UnreadableFile(f"{place}: the list {key!r} has {cells:,} values, most of them the same list.")
    if any(isinstance(cell, list | tuple) for row in rows for cell in row):
        raise UnreadableFile(f"{place}: {key!r} is a list of lists of lists. Save it as a tensor.")
    longest = max((len(value) for value in values if isinstance(value, str)), default=0)
    becomes = longest * len(values) * np.dtype("U1").itemsize
    check_growth(place, f"the list {key!r}", place.size, becomes, "shorten the longest of its texts")


def _write(path: Path, predictions: AnyPredictions) -> None:
    torch = _library(f"Writing {path.suffix}")
    content: dict[str, Any] = {
        name: array.tolist() if array.dtype.kind == "U" else torch.from_numpy(np.array(array, order="C"))
        for name, array in own_arrays(predictions).items()
    }
    if predictions.classes is not None:
        content["classes"] = list(predictions.classes)
    torch.save(content, path)


def _library(feature: str) -> Any:
    try:
        import torch
    except ModuleNotFoundError as missing:
        raise MissingExtra(feature, "train", "torch") from missing
    return torch


PT, PTH = (ArrayFormat(suffix, _opened, _write) for suffix in (".pt", ".pth"))
