"""Small files that would fill the memory or take for ever are refused or read in good time."""

from __future__ import annotations

import io
import json
import struct
import zipfile
from pathlib import Path

import numpy as np
import pytest

from calibrant.errors import UnreadableFile
from calibrant.io import read

MANY = 10**12


def header(shape: tuple[int, ...], dtype: str = "<f4") -> bytes:
    """The head of an `.npy` file."""
    found = io.BytesIO()
    descr = {"descr": dtype, "fortran_order": False, "shape": shape}
    np.lib.format.write_array_header_1_0(found, descr)
    return found.getvalue()


def test_an_archive_that_would_fill_the_memory(tmp_path: Path) -> None:
    path, rows = tmp_path / "bomb.npz", 30_000_000
    with (
        zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED, compresslevel=1) as archive,
        archive.open("logits.npy", "w") as member,
    ):
        member.write(header((rows, 10)))
        for _ in range(rows * 40 // 2**24 + 1):
            member.write(bytes(2**24))
    assert path.stat().st_size < 10_000_000
    with pytest.raises(UnreadableFile, match=r"has .* bytes that would become 1,.*numpy\.savez"):
        read(path)


def test_an_archive_that_promises_more_than_it_has(tmp_path: Path) -> None:
    path = tmp_path / "shape.npz"
    with zipfile.ZipFile(path, "w") as archive:
        archive.writestr("logits.npy", header((MANY, 10)) + bytes(100))
        archive.writestr("labels.npy", header((MANY,), "<i8"))
    with pytest.raises(UnreadableFile, match=r"not a readable \.npz file"):
        read(path)


def test_tensors_that_lie_beyond_the_file(tmp_path: Path) -> None:
    promised = {
        "logits": {"dtype": "F32", "shape": [MANY, 10], "data_offsets": [0, 40 * MANY]},
        "labels": {"dtype": "I64", "shape": [MANY], "data_offsets": [40 * MANY, 48 * MANY]},
    }
    text = json.dumps(promised).encode()
    for length in (len(text), 1 << 62):
        path = tmp_path / "shape.safetensors"
        path.write_bytes(struct.pack("<Q", length) + text)
        with pytest.raises(UnreadableFile, match=r"not a readable \.safetensors file"):
            read(path)


def test_a_header_of_very_many_classes(tmp_path: Path) -> None:
    k = 200_000
    path = tmp_path / "wide.csv"
    names = ",".join(f"logit_{label}" for label in range(k))
    path.write_text(f"label,{names}\n1,{','.join('0' * k)}\n", encoding="utf-8")
    assert read(path).k == k


def test_a_column_twice_among_very_many(tmp_path: Path) -> None:
    path = tmp_path / "wide.csv"
    path.write_text(",".join(f"logit_{label % 199_999}" for label in range(200_000)) + "\n", encoding="utf-8")
    with pytest.raises(UnreadableFile, match="the column 'logit_0' twice"):
        read(path)
