"""Formats that hold named arrays: `logits` or `probs`, `labels`, and what else belongs to the rows.

Rows that several annotators labelled have `counts` (n, k) in place of `labels`. Rows of the top label alone
have `confidence` with `correct`, or with `prediction` and `labels`.
"""

from __future__ import annotations

import sys
from collections.abc import Callable, Sequence
from contextlib import AbstractContextManager
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Protocol, final

import numpy as np
from numpy.typing import NDArray

from calibrant._typing import Kind
from calibrant.errors import InvalidPredictions, UnreadableFile
from calibrant.io.format import (
    LABEL_KEYS,
    AnyRaw,
    Cut,
    ReadOptions,
    Schema,
    Span,
    even_spans,
    rows_at_once,
)
from calibrant.io.found import Found
from calibrant.io.place import Place
from calibrant.io.soft_label import COUNTS_KEY, counts_key
from calibrant.io.top_label import only_top_label, top_label_arrays, top_label_keys
from calibrant.predictions import AnyPredictions, SoftLabelPredictions, TopLabelPredictions
from calibrant.predictions.checks import two_columns

PER_ROW = ("sample_weight", "groups", "ids")
"""What rows may have besides scores and truth."""

_KINDS: tuple[Kind, Kind] = ("logits", "probs")


class Arrays(Protocol):
    """The arrays of an open file."""

    @property
    def keys(self) -> Sequence[str]:
        """Their names."""
        ...

    @property
    def divisible(self) -> bool:
        """Whether some rows can be read without reading all."""
        ...

    def form(self, key: str) -> tuple[tuple[int, ...], int]:
        """Return the shape of an array and the bytes of one number, without its values."""
        ...

    def read(self, key: str, span: Span | None) -> NDArray[Any]:
        """Return an array, or some rows of it."""
        ...

    def classes(self) -> tuple[str, ...] | None:
        """Return the names of the classes, where the file has them."""
        ...


@final
@dataclass(frozen=True, slots=True)
class ArrayFormat:
    """A format of named arrays.

    Parameters
    ----------
    suffix : str
        The suffix of its files.
    opened : function
        Opens a file and turns whatever is wrong with it into `UnreadableFile`.
    writer : function
        Writes predictions to a path.
    """

    suffix: str
    opened: Callable[[Place, ReadOptions], AbstractContextManager[Arrays]]
    writer: Callable[[Path, AnyPredictions], None]

    def read(self, place: Place, options: ReadOptions) -> AnyRaw:
        """Read the arrays that are predictions, and name the others."""
        with self.opened(place, options) as arrays:
            return _rows(arrays, place, options, None)

    def write(self, path: Path, predictions: AnyPredictions) -> None:
        """Write the arrays; the scores keep their float type."""
        self.writer(path, predictions)

    def cut(self, place: Place, options: ReadOptions, rows: int | None) -> Cut:
        """Cut by the shapes of the arrays; one span where the format cannot be read in parts."""
        with self.opened(place, options) as arrays:
            found = find_arrays(arrays.keys, place, options)
            n = _common_length(arrays, found, place)
            k, row_bytes, classes = None, 8, arrays.classes()
            if found.kind is not None:
                shape, width = arrays.form(found.fields["scores"][0])
                k = _number_of_classes(shape, found.kind, place)
                row_bytes = width * k
            at_once = (rows or rows_at_once(row_bytes)) if arrays.divisible else max(n, 1)
            return Cut(found.schema(k, classes), even_spans(n, at_once, place), found.ignored)

    def read_span(self, place: Place, options: ReadOptions, schema: Schema, span: Span) -> AnyRaw:
        """Read the rows of one span."""
        with self.opened(place, options) as arrays:
            return _rows(arrays, place, options, span)


def own_arrays(predictions: AnyPredictions) -> dict[str, NDArray[Any]]:
    """Return the arrays to write, by their name in a file; class names are not among them."""
    if isinstance(predictions, TopLabelPredictions):
        arrays = top_label_arrays(predictions)
    else:
        truth = predictions.counts if isinstance(predictions, SoftLabelPredictions) else predictions.labels
        arrays = {predictions.kind: predictions.scores, predictions.truth: truth}
    described = {name: getattr(predictions, name) for name in PER_ROW}
    return arrays | {name: column for name, column in described.items() if column is not None}


def text_checked(array: NDArray[Any], place: Place) -> NDArray[Any]:
    """Return the array; text of numbers that are no characters, which NumPy does not look at, is refused."""
    if array.dtype.kind == "U" and array.dtype.itemsize:
        points = np.ascontiguousarray(array).view(np.dtype("u4").newbyteorder(array.dtype.byteorder))
        if points.size and points.max() > sys.maxunicode:
            raise UnreadableFile(f"{place} has text in it that is none. It is damaged: copy it again.")
    return array


def find_arrays(keys: Sequence[str], place: Place, options: ReadOptions) -> Found:
    """Return which of a file's arrays are what.

    Raises
    ------
    UnreadableFile
        Arrays are missing, or it is not clear which are meant.
    """
    if not any(kind in keys for kind in _KINDS) and only_top_label(keys, options):
        return _found(top_label_keys(keys, place, options), None, keys)
    scores_key, kind = _scores_key(keys, place, options)
    counts = counts_key(keys, COUNTS_KEY, options)
    if counts is not None and (counts in keys or options.counts_key is not None):
        if counts not in keys:
            raise UnreadableFile(
                f"{place} has no {counts!r} (its arrays: {_listed(keys)}): check --counts-key."
            )
        return _found({"scores": scores_key, "counts": counts}, kind, keys)
    label_key = options.label_key or next((key for key in LABEL_KEYS if key in keys), None)
    if label_key is None or label_key not in keys:
        raise UnreadableFile(
            f"{place} has no {options.label_key or 'labels'!r} (its arrays: {_listed(keys)}). "
            "Name the array of true classes with --label-key; where a command takes counts of annotators, "
            "name theirs with --counts-key."
        )
    return _found({"scores": scores_key, "labels": label_key}, kind, keys)


def _found(fields: dict[str, str], kind: Kind | None, keys: Sequence[str]) -> Found:
    fields = fields | {name: name for name in PER_ROW if name in keys}
    known = {*fields.values(), "classes"}
    return Found(
        {field: (key,) for field, key in fields.items()},
        kind,
        tuple(key for key in keys if key not in known),
    )


def _rows(arrays: Arrays, place: Place, options: ReadOptions, span: Span | None) -> AnyRaw:
    found = find_arrays(arrays.keys, place, options)
    values = {field: text_checked(arrays.read(keys[0], span), place) for field, keys in found.fields.items()}
    return found.rows(values, arrays.classes(), place)


def _common_length(arrays: Arrays, found: Found, place: Place) -> int:
    lengths = {field: arrays.form(keys[0])[0] for field, keys in found.fields.items()}
    first = next(iter(lengths))
    for field, shape in lengths.items():
        if not shape or shape[0] != (lengths[first] or (0,))[0]:
            raise InvalidPredictions(
                f"{place}: {first} has the shape {lengths[first]} but {field} the shape {shape}. "
                "Give one value for each row."
            )
    return lengths[first][0]


def _number_of_classes(shape: tuple[int, ...], kind: Kind, place: Place) -> int:
    if len(shape) == 1 or (len(shape) == 2 and shape[1] == 1):
        return 2
    try:
        return int(two_columns(np.broadcast_to(np.zeros(()), shape), kind).shape[1])
    except InvalidPredictions as error:
        raise InvalidPredictions(f"{place}: {error}") from error


def _scores_key(keys: Sequence[str], place: Place, options: ReadOptions) -> tuple[str, Kind]:
    if options.scores_key is not None:
        if options.scores_key not in keys:
            raise UnreadableFile(f"{place} has no {options.scores_key!r} (its arrays: {_listed(keys)}).")
        named: Kind = "probs" if options.scores_key == "probs" else "logits"
        return options.scores_key, options.kind or named
    present = [kind for kind in _KINDS if kind in keys]
    if len(present) == 2:
        if options.kind is None:
            raise UnreadableFile(f"{place} has both 'logits' and 'probs': choose one with --kind.")
        return options.kind, options.kind
    if not present:
        raise UnreadableFile(
            f"{place} has neither 'logits' nor 'probs' (its arrays: {_listed(keys)}). "
            "Name the array of scores with --logits-key, and with --kind what it holds."
        )
    return present[0], options.kind or present[0]


def _listed(keys: Sequence[str]) -> str:
    return ", ".join(repr(key) for key in keys[:20]) or "none"
