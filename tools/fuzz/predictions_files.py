"""Files of predictions, one target a format: `read`, the tolerant reading of `doctor`, and rows in parts."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import numpy as np

from calibrant._typing import Kind
from calibrant.analysis import doctor
from calibrant.io import read, read_raw, shards
from tools.fuzz.archive import spread
from tools.fuzz.verdict import Finding, attempt, printable

LABELS = np.array([0, 1, 1, 2, 0, 1])
LOGITS = np.array([[2.0, 0.5, -1.0], [0.0, 1.0, 0.5], [1.0, 3.0, 0.0], [0.1, 0.2, 0.3], [4, 1, 1], [0, 2, 1]])


def npz(content: bytes, folder: Path) -> None:
    """Read NumPy's archives of arrays."""
    _file(content, folder / "rows.npz")


def npy(content: bytes, folder: Path) -> None:
    """Read a NumPy array of scores beside sound labels; then as labels beside sound scores."""
    np.save(folder / "a.labels.npy", LABELS)
    _file(content, folder / "a.logits.npy")
    np.save(folder / "b.logits.npy", LOGITS)
    (folder / "b.labels.npy").write_bytes(content)
    _examine(folder / "b.logits.npy")


def csv(content: bytes, folder: Path) -> None:
    """Read comma-separated text."""
    _file(content, folder / "rows.csv")


def safetensors(content: bytes, folder: Path) -> None:
    """Read tensors as safetensors."""
    _file(content, folder / "rows.safetensors")


def parquet(content: bytes, folder: Path) -> None:
    """Read Parquet."""
    _file(content, folder / "rows.parquet")


def arrow(content: bytes, folder: Path) -> None:
    """Read Arrow files, streams and Feather."""
    _file(content, folder / "rows.arrow")


def torch(content: bytes, folder: Path) -> None:
    """Read what PyTorch saves: a dict of tensors, or a pair."""
    _file(content, folder / "rows.pt", kind="logits")


def parts(content: bytes, folder: Path) -> None:
    """Read a folder of parts."""
    place = folder / "parts"
    place.mkdir()
    if spread(content, place):
        _examine(place)


def _file(content: bytes, path: Path, kind: Kind | None = None) -> None:
    path.write_bytes(content)
    _examine(path, kind)


def _examine(path: Path, kind: Kind | None = None) -> None:
    whole: Any = attempt(lambda: read(path, kind=kind))
    raw: Any = attempt(lambda: read_raw(path, kind=kind))
    if raw is not None:
        diagnosis = attempt(lambda: doctor(raw))
        if diagnosis is not None:
            printable(str(diagnosis))
            printable(json.dumps(diagnosis.to_json(), ensure_ascii=False, allow_nan=False))
    rows = 1000 if whole is None else whole.n // 3 + 1
    cut = attempt(lambda: shards(path, rows=rows, kind=kind))
    pieces = None if cut is None else [attempt(piece.read) for piece in cut[:100]]
    if whole is not None and pieces is not None and None not in pieces:
        total = sum(piece.n for piece in pieces if piece is not None)
        if total != whole.n:
            raise Finding(f"{whole.n} rows at once, but {total} in parts")
