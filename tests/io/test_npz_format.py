"""`.npz` as other tools write it."""

from __future__ import annotations

import os
import pickle
import zipfile
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from calibrant.errors import CalibrantError, UnreadableFile
from calibrant.io import read, read_checked, write
from calibrant.predictions import Predictions
from tests.io.same_rows import npz

LOGITS = np.array([[2.0, 0.0], [0.5, 1.0]])
LABELS = np.array([0, 1])


def test_the_scores_keep_their_float_type(tmp_path: Path) -> None:
    for dtype in (np.float16, np.float32, np.float64):
        assert read(npz(tmp_path, logits=LOGITS.astype(dtype), labels=LABELS)).scores.dtype == dtype


def test_what_nobody_reads_is_named(tmp_path: Path) -> None:
    path = npz(tmp_path, logits=LOGITS, labels=LABELS, human_counts=LOGITS, epoch=3)
    rows, ignored = read_checked(path)
    assert ignored == ("human_counts", "epoch")
    assert rows.n == 2


def test_both_logits_and_probs_need_a_choice(tmp_path: Path) -> None:
    probs = np.array([[0.9, 0.1], [0.4, 0.6]])
    path = npz(tmp_path, logits=LOGITS, probs=probs, labels=LABELS)
    with pytest.raises(UnreadableFile, match="has both 'logits' and 'probs': choose one with --kind"):
        read(path)
    rows, ignored = read_checked(path, kind="probs")
    assert rows.kind == "probs"
    assert rows.scores.tolist() == probs.tolist()
    assert ignored == ("logits",)
    assert read(path, kind="logits").scores.tolist() == LOGITS.tolist()


def test_keys_of_others(tmp_path: Path) -> None:
    path = npz(tmp_path, outputs=LOGITS, targets=LABELS)
    with pytest.raises(
        UnreadableFile, match=r"neither 'logits' nor 'probs' \(its arrays: 'outputs', 'targets'\)"
    ):
        read(path)
    with pytest.raises(UnreadableFile, match="--label-key"):
        read(path, logits_key="outputs")
    rows = read(path, logits_key="outputs", label_key="targets")
    assert rows.kind == "logits"
    assert rows.labels.tolist() == [0, 1]
    with pytest.raises(CalibrantError, match="rows of probs must sum to 1"):
        read(path, logits_key="outputs", label_key="targets", kind="probs")


def test_label_is_another_word_for_labels(tmp_path: Path) -> None:
    assert read(npz(tmp_path, logits=LOGITS, label=LABELS)).labels.tolist() == [0, 1]


def test_binary_scores_in_one_column(tmp_path: Path) -> None:
    assert read(npz(tmp_path, probs=np.array([0.25, 0.5]), labels=LABELS)).scores.tolist() == [
        [0.75, 0.25],
        [0.5, 0.5],
    ]
    assert read(npz(tmp_path, logits=np.array([[3.0], [-1.0]]), labels=LABELS)).scores.tolist() == [
        [0.0, 3.0],
        [0.0, -1.0],
    ]


def test_class_names_as_bytes_are_text(tmp_path: Path) -> None:
    names = np.array(["Vögel".encode(), b"cat"])
    assert read(npz(tmp_path, logits=LOGITS, labels=LABELS, classes=names)).classes == ("Vögel", "cat")


class Bomb:
    """Makes a folder when it is unpickled."""

    def __init__(self, place: str) -> None:
        self.place = place

    def __reduce__(self) -> tuple[Any, ...]:
        return os.mkdir, (self.place,)


@pytest.mark.parametrize("key", ["logits", "labels", "classes", "ids", "groups", "sample_weight"])
def test_pickled_objects_are_never_loaded(tmp_path: Path, key: str) -> None:
    trace = tmp_path / "was-here"
    arrays: dict[str, Any] = {"logits": LOGITS, "labels": LABELS}
    arrays[key] = np.array([Bomb(str(trace)), None], dtype=object)
    with pytest.raises(UnreadableFile, match="holds Python objects, which are never loaded"):
        read(npz(tmp_path, **arrays))
    assert not trace.exists()


def test_a_pickle_under_another_name_is_never_loaded(tmp_path: Path) -> None:
    trace, path = tmp_path / "was-here", tmp_path / "rows.npz"
    path.write_bytes(pickle.dumps(Bomb(str(trace))))
    with pytest.raises(UnreadableFile, match=r"not a readable \.npz file"):
        read(path)
    assert not trace.exists()


def test_an_object_array_that_nobody_reads_does_no_harm(tmp_path: Path) -> None:
    trace = tmp_path / "was-here"
    path = npz(tmp_path, logits=LOGITS, labels=LABELS, extra=np.array([Bomb(str(trace))], dtype=object))
    assert read_checked(path)[1] == ("extra",)
    assert not trace.exists()


def test_an_npy_file_renamed_says_what_it_is(tmp_path: Path) -> None:
    np.save(tmp_path / "one.npy", LOGITS)
    path = (tmp_path / "one.npy").rename(tmp_path / "rows.npz")
    with pytest.raises(UnreadableFile, match="holds one array, not the named arrays"):
        read(path)


def test_a_zip_file_of_other_things(tmp_path: Path) -> None:
    path = tmp_path / "rows.npz"
    with zipfile.ZipFile(path, "w") as archive:
        archive.writestr("readme.txt", "hello")
    with pytest.raises(UnreadableFile, match=r"neither 'logits' nor 'probs' \(its arrays: 'readme.txt'\)"):
        read(path)
    with zipfile.ZipFile(path, "w") as archive:
        archive.writestr("logits", "hello")
        archive.writestr("labels", "hello")
    with pytest.raises(UnreadableFile, match="'logits' is not an array"):
        read(path)


@pytest.mark.parametrize(
    ("arrays", "message"),
    [
        ({"logits": LOGITS, "labels": np.array([0, 1, 1])}, "2 rows but labels have 3"),
        ({"logits": LOGITS, "labels": np.array([0.0, 1.0])}, "labels must be integers"),
        (
            {"logits": LOGITS, "labels": np.array([1, 2])},
            r"labels must lie in 0..1 .* Are the labels 1-based\?",
        ),
        ({"logits": np.array([[np.nan, 1], [0, 1]]), "labels": LABELS}, "got nan at row 0, class 0"),
        ({"logits": np.array([[0, 1], [0, np.inf]]), "labels": LABELS}, "got inf at row 1, class 1"),
        ({"probs": np.array([[0.5, 0.5], [0.5, 0.6]]), "labels": LABELS}, "row 1 sums to 1.1"),
        ({"logits": LOGITS[:0], "labels": LABELS[:0]}, "there are no rows"),
        ({"logits": LOGITS[None], "labels": LABELS}, "segmentation"),
        ({"logits": LOGITS, "labels": LABELS, "classes": np.array(["a"])}, "2 classes but 1 class names"),
        ({"logits": LOGITS, "labels": LABELS, "ids": np.array([1])}, r"ids must have shape \(2,\)"),
        ({"logits": LOGITS, "labels": LABELS, "sample_weight": np.array([1, -1])}, "got -1.0 at row 1"),
        ({"logits": np.array(["a", "b"]), "labels": LABELS}, "logits must be real numbers"),
    ],
)
def test_rows_that_are_no_predictions(tmp_path: Path, arrays: dict[str, Any], message: str) -> None:
    with pytest.raises(CalibrantError, match=rf"rows\.npz: .*{message}"):
        read(npz(tmp_path, **arrays))


def test_numpy_reads_what_was_written(tmp_path: Path) -> None:
    path = tmp_path / "rows.npz"
    write(Predictions.from_probs([0.9, 0.2], [1, 0], classes=["bird", "cat"], ids=["x", "y"]), path)
    with np.load(path, allow_pickle=False) as archive:
        assert sorted(archive.files) == ["classes", "ids", "labels", "probs"]
        assert archive["labels"].dtype == np.int64
        assert archive["classes"].tolist() == ["bird", "cat"]
