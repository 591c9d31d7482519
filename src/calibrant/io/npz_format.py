"""NumPy's `.npz`: `logits` or `probs`, `labels`, and what else belongs to the rows. No pickle is loaded.

Rows that several annotators labelled have `counts` (n, k) in place of `labels`. Rows of the top label alone
have `confidence` with `correct`, or with `prediction` and `labels`.
"""

from __future__ import annotations

import zipfile
import zlib
from collections.abc import Iterable
from pathlib import Path
from typing import Any, ClassVar, final

import numpy as np
from numpy.typing import NDArray

from calibrant._typing import Kind
from calibrant.errors import UnreadableFile
from calibrant.io.format import LABEL_KEYS, AnyRaw, ReadOptions
from calibrant.io.soft_label import COUNTS_KEY, counts_key
from calibrant.io.top_label import only_top_label, top_label_arrays, top_label_keys
from calibrant.predictions import (
    AnyPredictions,
    RawPredictions,
    RawSoftLabel,
    RawTopLabel,
    SoftLabelPredictions,
    TopLabelPredictions,
)

_OPTIONAL = ("classes", "sample_weight", "groups", "ids")
_DAMAGE = (zipfile.BadZipFile, zlib.error, EOFError, ValueError, NotImplementedError, RuntimeError)
_KINDS: tuple[Kind, Kind] = ("logits", "probs")


@final
class NpzFormat:
    """Arrays in a zip file."""

    suffix: ClassVar[str] = ".npz"

    def read(self, path: Path, options: ReadOptions) -> AnyRaw:
        """Read the arrays that are predictions, and name the others."""
        try:
            # Opened here, because NumPy leaves a file open whose zip directory is damaged.
            with path.open("rb") as handle:
                archive = np.load(handle, allow_pickle=False)
                if not isinstance(archive, np.lib.npyio.NpzFile):
                    raise UnreadableFile(f"{path} holds one array, not the named arrays of an .npz file.")
                with archive:
                    return _from_archive(archive, path, options)
        except _DAMAGE as error:
            raise UnreadableFile(f"{path} is not a readable .npz file: {error}") from error

    def write(self, path: Path, predictions: AnyPredictions) -> None:
        """Write the arrays; the scores keep their float type."""
        arrays: dict[str, NDArray[Any]] = _own_arrays(predictions)
        if predictions.classes is not None:
            arrays["classes"] = np.array(predictions.classes, dtype=np.str_)
        for name in ("sample_weight", "groups", "ids"):
            column = getattr(predictions, name)
            if column is not None:
                arrays[name] = column
        with path.open("wb") as handle:
            np.savez_compressed(handle, allow_pickle=False, **arrays)


def _own_arrays(predictions: AnyPredictions) -> dict[str, NDArray[Any]]:
    if isinstance(predictions, TopLabelPredictions):
        return top_label_arrays(predictions)
    truth = predictions.counts if isinstance(predictions, SoftLabelPredictions) else predictions.labels
    return {predictions.kind: predictions.scores, predictions.truth: truth}


def _from_archive(archive: Any, path: Path, options: ReadOptions) -> AnyRaw:
    keys = list(archive.files)
    if not any(kind in keys for kind in _KINDS) and only_top_label(keys, options):
        found = top_label_keys(keys, path, options)
        arrays: dict[str, Any] = {field: _array(archive, key, path) for field, key in found.items()}
        return RawTopLabel(
            **arrays,
            **_described(archive, path),
            ignored=_others(keys, found.values()),
            source=str(path),
        )
    scores_key, kind = _scores_key(keys, path, options)
    counts = counts_key(keys, COUNTS_KEY, options)
    if counts is not None and (counts in keys or options.counts_key is not None):
        if counts not in keys:
            raise UnreadableFile(
                f"{path} has no {counts!r} (its arrays: {_listed(keys)}): check --counts-key."
            )
        return RawSoftLabel(
            scores=_array(archive, scores_key, path),
            kind=kind,
            counts=_array(archive, counts, path),
            **_described(archive, path),
            ignored=_others(keys, (scores_key, counts)),
            source=str(path),
        )
    label_key = options.label_key or next((key for key in LABEL_KEYS if key in keys), None)
    if label_key is None or label_key not in keys:
        raise UnreadableFile(
            f"{path} has no {options.label_key or 'labels'!r} (its arrays: {_listed(keys)}). "
            "Name the array of true classes with --label-key, or one of annotators' counts with --counts-key."
        )
    return RawPredictions(
        scores=_array(archive, scores_key, path),
        kind=kind,
        labels=_array(archive, label_key, path),
        **_described(archive, path),
        ignored=_others(keys, (scores_key, label_key)),
        source=str(path),
    )


def _described(archive: Any, path: Path) -> dict[str, Any]:
    columns: dict[str, Any] = {
        name: _array(archive, name, path) for name in _OPTIONAL if name in archive.files
    }
    names = columns.get("classes")
    if names is not None:
        if names.dtype.kind == "S":
            names = np.char.decode(names, "utf-8")
        columns["classes"] = tuple(str(name) for name in names.ravel())
    return columns


def _others(keys: list[str], used: Iterable[str]) -> tuple[str, ...]:
    known = {*used, *_OPTIONAL}
    return tuple(key for key in keys if key not in known)


def _array(archive: Any, key: str, path: Path) -> NDArray[Any]:
    array = archive[key]
    if not isinstance(array, np.ndarray):  # NumPy hands out a member that is no array as bytes
        raise UnreadableFile(f"{path}: its member {key!r} is not an array.")
    return array


def _scores_key(keys: list[str], path: Path, options: ReadOptions) -> tuple[str, Kind]:
    if options.scores_key is not None:
        if options.scores_key not in keys:
            raise UnreadableFile(f"{path} has no {options.scores_key!r} (its arrays: {_listed(keys)}).")
        named: Kind = "probs" if options.scores_key == "probs" else "logits"
        return options.scores_key, options.kind or named
    present = [kind for kind in _KINDS if kind in keys]
    if len(present) == 2:
        if options.kind is None:
            raise UnreadableFile(f"{path} has both 'logits' and 'probs': choose one with --kind.")
        return options.kind, options.kind
    if not present:
        raise UnreadableFile(
            f"{path} has neither 'logits' nor 'probs' (its arrays: {_listed(keys)}). "
            "Name the array of scores with --logits-key, and with --kind what it holds."
        )
    return present[0], options.kind or present[0]


def _listed(keys: list[str]) -> str:
    return ", ".join(repr(key) for key in keys[:20]) or "none"
