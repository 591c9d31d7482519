"""Safetensors as other tools write them, and headers that lie."""

from __future__ import annotations

import json
import struct
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from calibrant.errors import CalibrantError, UnreadableFile
from calibrant.io import read, read_checked, shards, write
from calibrant.predictions import Predictions

safetensors = pytest.importorskip("safetensors.numpy")

LOGITS = np.array([[2.0, -1.5], [0.5, 1.0], [0.0, 3.0]], np.float32)
LABELS = np.array([0, 1, 1])


def raw_file(path: Path, header: dict[str, Any], data: bytes) -> Path:
    """Write a file byte for byte."""
    text = json.dumps(header).encode()
    path.write_bytes(struct.pack("<Q", len(text)) + text + data)
    return path


@pytest.mark.parametrize("dtype", [np.float16, np.float32, np.float64])
def test_the_scores_keep_their_float_type(tmp_path: Path, dtype: Any) -> None:
    safetensors.save_file(
        {"probs": np.full((3, 2), 0.5, dtype), "label": LABELS.astype(np.uint8), "step": np.array(3)},
        tmp_path / "rows.safetensors",
        {"classes": '["bird", "cat"]', "author": "someone"},
    )
    found, ignored = read_checked(tmp_path / "rows.safetensors")
    assert (found.kind, found.scores.dtype, found.classes) == ("probs", dtype, ("bird", "cat"))
    assert ignored == ("step",)


def test_bfloat16_becomes_float32(tmp_path: Path) -> None:
    bits = (LOGITS.view(np.uint32) >> 16).astype(np.uint16).tobytes()
    header = {
        "logits": {"dtype": "BF16", "shape": [3, 2], "data_offsets": [0, 12]},
        "labels": {"dtype": "I64", "shape": [3], "data_offsets": [12, 36]},
    }
    path = raw_file(tmp_path / "rows.safetensors", header, bits + LABELS.astype("<i8").tobytes())
    found = read(path)
    assert found.scores.dtype == np.float32
    assert found.scores.tolist() == LOGITS.tolist()
    assert shards(path, rows=2)[1].read().scores.tolist() == LOGITS[2:].tolist()


def test_a_type_that_numpy_has_not_is_named_where_it_is_read_and_skipped_where_not(tmp_path: Path) -> None:
    header = {
        "hidden": {"dtype": "F8_E4M3", "shape": [3, 2], "data_offsets": [0, 6]},
        "logits": {"dtype": "F32", "shape": [3, 2], "data_offsets": [6, 30]},
        "labels": {"dtype": "I64", "shape": [3], "data_offsets": [30, 54]},
    }
    data = bytes(6) + LOGITS.tobytes() + LABELS.astype("<i8").tobytes()
    path = raw_file(tmp_path / "rows.safetensors", header, data)
    found, ignored = read_checked(path)
    assert found.scores.tolist() == LOGITS.tolist()
    assert ignored == ("hidden",)
    with pytest.raises(UnreadableFile, match=r"'hidden' is of the type F8_E4M3"):
        read(path, logits_key="hidden")


@pytest.mark.parametrize(
    ("header", "data"),
    [
        ({"logits": {"dtype": "F32", "shape": [2**40, 2**20], "data_offsets": [0, 2**62]}}, bytes(8)),
        ({"logits": {"dtype": "F32", "shape": [2, 2], "data_offsets": [0, 15]}}, bytes(15)),
        ({"logits": {"dtype": "F32", "shape": [-1, 2], "data_offsets": [0, 8]}}, bytes(8)),
        ({"logits": {"dtype": "F32", "shape": [1, 2], "data_offsets": [8, 0]}}, bytes(8)),
        ({"logits": {"dtype": "X99", "shape": [1, 2], "data_offsets": [0, 8]}}, bytes(8)),
        ({"logits": "everything"}, b""),
    ],
)
def test_headers_that_lie(tmp_path: Path, header: dict[str, Any], data: bytes) -> None:
    path = raw_file(tmp_path / "rows.safetensors", header, data)
    for reader in (read, shards):
        with pytest.raises(UnreadableFile, match=r"rows\.safetensors is not a readable"):
            reader(path)


def test_a_header_longer_than_the_file(tmp_path: Path) -> None:
    (tmp_path / "rows.safetensors").write_bytes(struct.pack("<Q", 2**63) + b"{}")
    with pytest.raises(UnreadableFile, match="is not a readable"):
        read(tmp_path / "rows.safetensors")


def test_names_of_classes_that_are_no_list(tmp_path: Path) -> None:
    tensors = {"logits": LOGITS, "labels": LABELS}
    safetensors.save_file(tensors, tmp_path / "a.safetensors", {"classes": "cat"})
    with pytest.raises(CalibrantError, match="'classes' in its metadata must start with a JSON list"):
        read(tmp_path / "a.safetensors")


def test_the_library_reads_what_was_written(tmp_path: Path) -> None:
    path = tmp_path / "rows.safetensors"
    write(Predictions.from_logits(LOGITS, LABELS, ids=["é", "bc", ""]), path)
    tensors = safetensors.load_file(path)
    assert tensors["logits"].tolist() == LOGITS.tolist()
    assert bytes(tensors["ids"][0]) == "é".encode()
