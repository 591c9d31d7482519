"""`.npy`: arrays in files beside one another, as people keep them, and the structured array of ours."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
import pytest

from calibrant.errors import UnreadableFile
from calibrant.io import read, read_checked, shards, write
from calibrant.predictions import Predictions, SoftLabelPredictions, TopLabelPredictions, joined
from tests.io.kinds_of_rows import assert_identical

LOGITS = np.array([[2.0, 0.0], [0.5, 1.0], [0.0, 3.0]], np.float32)
LABELS = np.array([0, 1, 1])


def save(folder: Path, **arrays: Any) -> None:
    for name, array in arrays.items():
        np.save(folder / f"{name}.npy", array)


@pytest.mark.parametrize("start", ["", "test.", "test_", "a-"])
@pytest.mark.parametrize("key", ["labels", "label"])
def test_labels_are_found_beside_the_scores(tmp_path: Path, start: str, key: str) -> None:
    save(tmp_path, **{f"{start}logits": LOGITS, f"{start}{key}": LABELS})
    assert_identical(read(tmp_path / f"{start}logits.npy"), Predictions.from_logits(LOGITS, LABELS))
    save(tmp_path, **{f"{start}probs": [[0.5, 0.5]] * 3})
    assert read(tmp_path / f"{start}probs.npy").kind == "probs"


def test_everything_that_belongs_to_the_rows_is_found(tmp_path: Path) -> None:
    wanted = Predictions.from_logits(
        LOGITS, LABELS, classes=["a", "b"], sample_weight=[1, 2, 3], groups=["x", "y", "x"], ids=[7, 8, 9]
    )
    columns = {name: getattr(wanted, name) for name in ("classes", "sample_weight", "groups", "ids")}
    save(tmp_path, logits=LOGITS, labels=LABELS, **columns)
    assert_identical(read(tmp_path / "logits.npy"), wanted)
    parts = [shard.read() for shard in shards(tmp_path / "logits.npy", rows=2)]
    assert [part.n for part in parts] == [2, 1]
    assert_identical(joined(parts), wanted)


def test_counts_and_confidences(tmp_path: Path) -> None:
    save(tmp_path, logits=LOGITS, counts=[[1, 2]] * 3, confidence=[0.5, 0.75, 1], correct=[True, False, True])
    assert isinstance(read(tmp_path / "logits.npy"), SoftLabelPredictions)
    (tmp_path / "counts.npy").unlink()
    (tmp_path / "logits.npy").unlink()
    assert isinstance(read(tmp_path / "confidence.npy"), TopLabelPredictions)


def test_a_name_that_says_nothing_needs_a_kind(tmp_path: Path) -> None:
    save(tmp_path, **{"preds": LOGITS, "preds.labels": LABELS})
    with pytest.raises(UnreadableFile, match=r"--kind, or name the file preds\.logits\.npy"):
        read(tmp_path / "preds.npy")
    assert read(tmp_path / "preds.npy", kind="logits").labels.tolist() == LABELS.tolist()


def test_labels_under_another_name(tmp_path: Path) -> None:
    save(tmp_path, logits=LOGITS, truth=LABELS)
    with pytest.raises(UnreadableFile, match=r"name that one labels\.npy"):
        read(tmp_path / "logits.npy")
    assert read(tmp_path / "logits.npy", label_key="truth").n == 3


def test_scores_are_in_any_order_of_memory(tmp_path: Path) -> None:
    save(tmp_path, logits=np.asfortranarray(LOGITS), labels=LABELS)
    found = read(tmp_path / "logits.npy").scores
    assert found.tolist() == LOGITS.tolist()
    assert found.flags.f_contiguous
    assert shards(tmp_path / "logits.npy", rows=2)[1].read().scores.tolist() == [[0.0, 3.0]]


def test_numpy_reads_what_was_written(tmp_path: Path) -> None:
    path = tmp_path / "rows.npy"
    write(Predictions.from_logits(LOGITS, LABELS, classes=["bird", "cat"]), path)
    table = np.load(path, allow_pickle=False)
    assert table["logits"].dtype == np.float32
    assert table["logits"].tolist() == LOGITS.tolist()
    assert table["labels"].tolist() == LABELS.tolist()


def test_a_structured_array_of_others(tmp_path: Path) -> None:
    table = np.zeros(3, [("label", "u1"), ("probs", "<f2", (2,)), ("epoch", "<i4")])
    table["probs"] = [[0.25, 0.75]] * 3
    save(tmp_path, rows=table)
    found, ignored = read_checked(tmp_path / "rows.npy")
    assert (found.scores.dtype, found.scores.shape) == (np.float16, (3, 2))
    assert ignored == ("epoch",)


def test_objects_are_never_unpickled(tmp_path: Path) -> None:
    np.save(tmp_path / "logits.npy", np.array([{"run": "this"}, None], dtype=object), allow_pickle=True)
    save(tmp_path, labels=LABELS)
    for reader in (read, shards):
        with pytest.raises(UnreadableFile, match="Python objects, which are never loaded"):
            reader(tmp_path / "logits.npy")


@pytest.mark.parametrize(
    ("header", "message"),
    [
        ("{'descr': '<f4', 'fortran_order': False, 'shape': (1000000000000, 1000), }", "It is cut off"),
        (f"{{'descr': '<f4', 'fortran_order': False, 'shape': ({2**62}, {2**62}), }}", "It is cut off"),
        ("{'descr': '<f4', 'fortran_order': False, 'shape': (-1, 2), }", r"the shape \(-1, 2\)"),
        ("{'descr': '<f4', 'fortran_order': False, 'shape': (__import__('os'), 2), }", "readable .npy"),
        ("{'descr': '|O', 'fortran_order': False, 'shape': (2, 2), }", "never loaded"),
        ("{" + "'a': " * 5000 + "}", "readable .npy"),
    ],
)
def test_headers_that_lie(tmp_path: Path, header: str, message: str) -> None:
    content = b"\x93NUMPY\x01\x00" + len(header).to_bytes(2, "little") + header.encode() + bytes(64)
    (tmp_path / "logits.npy").write_bytes(content)
    save(tmp_path, labels=LABELS)
    with pytest.raises(UnreadableFile, match=message):
        read(tmp_path / "logits.npy")


@pytest.mark.parametrize("name", ["classes", "ids"])
def test_text_that_is_none(tmp_path: Path, name: str) -> None:
    save(tmp_path, logits=LOGITS, labels=LABELS, **{name: np.full((3, 2), 2**31, np.uint32).view("U2")[:, 0]})
    with pytest.raises(UnreadableFile, match="text in it that is none"):
        read(tmp_path / "logits.npy")


def test_a_damaged_file_beside_is_named(tmp_path: Path) -> None:
    save(tmp_path, logits=LOGITS)
    (tmp_path / "labels.npy").write_bytes(b"nothing")
    with pytest.raises(UnreadableFile, match=r"labels\.npy is not a readable \.npy file"):
        read(tmp_path / "logits.npy")
