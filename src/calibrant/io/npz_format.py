"""NumPy's `.npz`: `logits` or `probs`, `labels`, and what else belongs to the rows. No pickle is loaded."""

from __future__ import annotations

import zipfile
import zlib
from pathlib import Path
from typing import Any, ClassVar, final

import numpy as np
from numpy.typing import NDArray

from calibrant._typing import Kind
from calibrant.errors import UnreadableFile
from calibrant.io.format import LABEL_KEYS, ReadOptions
from calibrant.predictions import Predictions, RawPredictions

_OPTIONAL = ("classes", "sample_weight", "groups", "ids")
_DAMAGE = (zipfile.BadZipFile, zlib.error, EOFError, ValueError, NotImplementedError, RuntimeError)
_KINDS: tuple[Kind, Kind] = ("logits", "probs")


@final
class NpzFormat:
    """Arrays in a zip file."""

    suffix: ClassVar[str] = ".npz"

    def read(self, path: Path, options: ReadOptions) -> RawPredictions:
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

    def write(self, path: Path, predictions: Predictions) -> None:
        """Write the arrays; the scores keep their float type."""
        arrays: dict[str, NDArray[Any]] = {
            predictions.kind: predictions.scores,
            "labels": predictions.labels,
        }
        if predictions.classes is not None:
            arrays["classes"] = np.array(predictions.classes, dtype=np.str_)
        for name in ("sample_weight", "groups", "ids"):
            column = getattr(predictions, name)
            if column is not None:
                arrays[name] = column
        with path.open("wb") as handle:
            np.savez_compressed(handle, allow_pickle=False, **arrays)


def _from_archive(archive: Any, path: Path, options: ReadOptions) -> RawPredictions:
    keys = list(archive.files)
    scores_key, kind = _scores_key(keys, path, options)
    label_key = options.label_key or next((key for key in LABEL_KEYS if key in keys), None)
    if label_key is None or label_key not in keys:
        raise UnreadableFile(
            f"{path} has no {options.label_key or 'labels'!r} (its arrays: {_listed(keys)}). "
            "Name the array of true classes with --label-key."
        )
    columns = {name: _array(archive, name, path) for name in _OPTIONAL if name in keys}
    names = columns.pop("classes", None)
    if names is not None and names.dtype.kind == "S":
        names = np.char.decode(names, "utf-8")
    used = {scores_key, label_key, *_OPTIONAL}
    return RawPredictions(
        scores=_array(archive, scores_key, path),
        kind=kind,
        labels=_array(archive, label_key, path),
        classes=None if names is None else tuple(str(name) for name in names.ravel()),
        ignored=tuple(key for key in keys if key not in used),
        source=str(path),
        **columns,
    )


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
