"""Folders of parts: read in the order of their names, and what does not fit is named."""

from __future__ import annotations

import re
from pathlib import Path

import numpy as np
import pytest

from calibrant.errors import CalibrantError, EmptyPredictions, InvalidPredictions, UnreadableFile
from calibrant.io import convert, read, read_checked, read_raw, shards, write
from calibrant.predictions import Predictions, TopLabelPredictions, joined
from tests.drawn_predictions import overconfident
from tests.io.kinds_of_rows import assert_identical


@pytest.fixture(params=[".parquet", ".arrow", ".feather"])
def suffix(request: pytest.FixtureRequest) -> str:
    return str(request.param)


def write_parts(folder: Path, suffix: str, *parts: Predictions | TopLabelPredictions) -> Path:
    """Write parts so that the order of their names is not that of writing."""
    folder.mkdir()
    for number, part in reversed(list(enumerate(parts))):
        write(part, folder / f"part-{number}{suffix}")
    return folder


def test_the_parts_are_one_set_in_the_order_of_their_names(tmp_path: Path, suffix: str) -> None:
    rows = overconfident(90, 4, weighted=True)
    pieces = [rows.take(np.arange(start, stop)) for start, stop in ((0, 40), (40, 41), (41, 90))]
    folder = write_parts(tmp_path / "rows", suffix, *pieces)
    assert_identical(read(folder), rows)
    found = shards(folder, rows=25)
    assert [shard.n for shard in found] == [25, 15, 1, 25, 24]
    assert_identical(joined([shard.read() for shard in found]), rows)
    assert read_raw(folder).scores.tolist() == rows.scores.tolist()


def test_what_other_programs_leave_in_a_folder_is_left_out(tmp_path: Path, suffix: str) -> None:
    folder = write_parts(tmp_path / "rows", suffix, overconfident(5, 3))
    for name in ("_SUCCESS", f"_metadata{suffix}", f".hidden{suffix}", "notes.txt"):
        (folder / name).write_bytes(b"")
    (folder / f"nested{suffix}").mkdir()
    assert read(folder).n == 5


def test_what_nobody_reads_is_named_once(tmp_path: Path) -> None:
    pa = pytest.importorskip("pyarrow")
    pq = pytest.importorskip("pyarrow.parquet")
    for number in range(2):
        table = pa.table({"label": [0], "logit": [1.5], "epoch": [3]})
        pq.write_table(table, tmp_path / f"{number}.parquet")
    assert read_checked(tmp_path)[1] == ("epoch",)
    assert read_raw(tmp_path).ignored == ("epoch",)


LOGITS = Predictions.from_logits(np.eye(3), [0, 1, 2])


@pytest.mark.parametrize(
    ("other", "message"),
    [
        (Predictions.from_logits(np.eye(2), [0, 1]), r"this number of classes: 2, but .* 3"),
        (Predictions.from_probs(np.eye(3), [0, 1, 2]), "scores that are probs, but .* logits"),
        (
            Predictions.from_logits(np.eye(3), [0, 1, 2], classes=["a", "b", "c"]),
            "the class names a, b, c, but .* none",
        ),
        (
            Predictions.from_logits(np.eye(3), [0, 1, 2], ids=[1, 2, 3]),
            "the columns ids, labels, scores, but .* labels, scores",
        ),
        (
            Predictions.from_logits(np.eye(3, dtype=np.float16), [0, 1, 2]),
            "columns of the types halffloat, but .* double",
        ),
        (TopLabelPredictions.from_correct([0.5], [True]), "the columns confidence, correct, but"),
    ],
    ids=["classes", "kind", "names", "columns", "types", "form"],
)
def test_parts_that_do_not_agree(
    tmp_path: Path, suffix: str, other: Predictions | TopLabelPredictions, message: str
) -> None:
    folder = write_parts(tmp_path / "rows", suffix, LOGITS, other)
    for reader in (read, read_raw, shards):
        with pytest.raises(UnreadableFile, match=rf"part-1\{suffix} has {message}"):
            reader(folder)


def test_a_damaged_part_is_named(tmp_path: Path, suffix: str) -> None:
    folder = write_parts(tmp_path / "rows", suffix, LOGITS, LOGITS)
    part = folder / f"part-1{suffix}"
    part.write_bytes(part.read_bytes()[:-30])
    with pytest.raises(UnreadableFile, match=re.escape(str(part))):
        read(folder)


def test_a_wrong_row_has_the_name_of_its_part_and_its_number_in_it(tmp_path: Path, suffix: str) -> None:
    folder = write_parts(tmp_path / "rows", suffix, overconfident(30, 3), overconfident(30, 3))
    with pytest.raises(InvalidPredictions, match=rf"part-0\{suffix}: .* at row \d+"):
        read(folder, kind="probs")
    second = shards(folder, rows=20, kind="probs")[3]
    with pytest.raises(InvalidPredictions, match=rf"part-1\{suffix}: .* at row 2\d"):
        second.read()


def test_weights_may_be_0_in_a_part_but_not_in_all(tmp_path: Path, suffix: str) -> None:
    rows = Predictions.from_logits(np.eye(4), [0, 1, 2, 3], sample_weight=[0, 0, 1, 2])
    write(rows, tmp_path / f"all{suffix}")
    convert(tmp_path / f"all{suffix}", tmp_path / "parts", rows_per_part=2)
    assert_identical(read(tmp_path / "parts"), rows)
    (tmp_path / "parts" / "part-00001.parquet").unlink()
    with pytest.raises(EmptyPredictions, match="0 on every row"):
        read(tmp_path / "parts")


def test_a_folder_of_two_formats_is_refused(tmp_path: Path) -> None:
    write(LOGITS, tmp_path / "a.parquet")
    write(LOGITS, tmp_path / "b.arrow")
    with pytest.raises(UnreadableFile, match=r"several formats \(a\.parquet, b\.arrow\)"):
        read(tmp_path)


def test_a_folder_of_nothing_is_refused(tmp_path: Path) -> None:
    (tmp_path / "rows.csv").write_text("labels,logit\n0,1\n")
    for reader in (read, shards):
        with pytest.raises(CalibrantError, match="is a folder without parts"):
            reader(tmp_path)


def test_a_folder_that_is_not_there_is_not_taken_for_a_file_without_suffix(tmp_path: Path) -> None:
    for reading in (read, shards):
        with pytest.raises(UnreadableFile, match=r"absent: there is no such file or folder"):
            reading(tmp_path / "absent")
