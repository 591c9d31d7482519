"""Shards: read one after the other they are the whole, and each says what is wrong where it is."""

from __future__ import annotations

import pickle
import re
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from calibrant.engine import ROWS_PER_BLOCK
from calibrant.errors import (
    CalibrantError,
    EmptyPredictions,
    InvalidArgument,
    InvalidPredictions,
    UnreadableFile,
)
from calibrant.io import FORMATS, Shard, read, shards, write
from calibrant.io.format import rows_at_once
from calibrant.predictions import AnyPredictions, Predictions, joined
from tests.drawn_predictions import overconfident
from tests.io.kinds_of_rows import assert_identical, described

SUFFIXES = sorted(FORMATS)
DIVISIBLE = sorted(set(FORMATS) - {".npz"})
"""As they are written here: `.npz` is compressed."""


def test_every_format_is_covered() -> None:
    assert len(SUFFIXES) == 9
    assert len(DIVISIBLE) == 8


@pytest.fixture(params=SUFFIXES)
def path(request: pytest.FixtureRequest, tmp_path: Path) -> Path:
    return tmp_path / f"rows{request.param}"


@pytest.fixture(params=DIVISIBLE)
def divisible(request: pytest.FixtureRequest, tmp_path: Path) -> Path:
    return tmp_path / f"rows{request.param}"


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], max_examples=20)
@given(rows=described(), size=st.integers(1, 13))
def test_all_shards_together_are_the_file(path: Path, rows: AnyPredictions, size: int) -> None:
    write(rows, path)
    found = shards(path, rows=size)
    assert_identical(joined([shard.read() for shard in found]), read(path))
    assert sum(shard.n for shard in found) == rows.n
    if path.suffix in DIVISIBLE:
        assert [shard.n for shard in found[:-1]] == [size] * (len(found) - 1)
    else:
        assert len(found) == 1


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], max_examples=20)
@given(rows=described(), size=st.integers(1, 13))
def test_an_npz_file_without_compression_is_read_in_parts(
    tmp_path: Path, rows: AnyPredictions, size: int
) -> None:
    write(rows, tmp_path / "compressed.npz")
    with np.load(tmp_path / "compressed.npz") as archive:
        np.savez(tmp_path / "rows.npz", **archive)
    found = shards(tmp_path / "rows.npz", rows=size)
    assert len(found) == -(-rows.n // size)
    assert_identical(joined([shard.read() for shard in found]), read(tmp_path / "rows.npz"))


def test_rows_of_many_blocks(divisible: Path) -> None:
    rows = overconfident(20_000, 7, weighted=True)
    write(rows, divisible)
    found = shards(divisible, rows=4096)
    assert [shard.n for shard in found] == [4096, 4096, 4096, 4096, 3616]
    assert_identical(joined([shard.read() for shard in found]), read(divisible))
    assert_identical(found[3].read(), rows.take(np.arange(3 * 4096, 4 * 4096)))


def test_a_shard_knows_the_rows_and_reads_nothing_until_asked(path: Path) -> None:
    rows = Predictions.from_logits(np.eye(3), [0, 1, 2], classes=["a", "b", "c"], ids=["x", "y", "z"])
    write(rows, path)
    (shard,) = shards(path)
    assert (shard.n, shard.schema.k, shard.schema.kind) == (3, 3, "logits")
    assert shard.schema.classes == ("a", "b", "c")
    assert shard.schema.columns == ("ids", "labels", "scores")


def test_a_shard_is_small_and_reads_the_same_elsewhere(path: Path) -> None:
    write(overconfident(300, 5), path)
    shard = shards(path, rows=100)[-1]
    sent = pickle.dumps(shard)
    assert len(sent) < 1000
    again: Shard = pickle.loads(sent)
    assert again == shard
    assert_identical(again.read(), shard.read())


@pytest.mark.parametrize(
    ("row_bytes", "rows"),
    [
        (1, 1 << 20),
        (64, 1 << 20),
        (128, 512 << 10),
        (4000, 16384),
        (8000, 8192),
        (16384, 4096),
        (16388, 4096),
        (10**9, 4096),
    ],
)
def test_the_usual_shard_has_64_mebibytes_or_a_million_rows_in_whole_blocks(
    row_bytes: int, rows: int
) -> None:
    assert rows_at_once(row_bytes) == rows
    assert rows % ROWS_PER_BLOCK == 0


def test_labels_are_checked_and_the_row_is_counted_from_the_start_of_the_file(tmp_path: Path) -> None:
    labels = np.zeros(50, np.int64)
    labels[37] = 4
    np.savez(tmp_path / "rows.npz", logits=np.zeros((50, 3)), labels=labels)
    with pytest.raises(InvalidPredictions, match=r"rows\.npz: labels must lie in 0\.\.2 .*got 4 at row 37"):
        shards(tmp_path / "rows.npz", rows=10)[3].read()
    assert shards(tmp_path / "rows.npz", rows=10)[2].read().n == 10


@pytest.mark.parametrize(
    ("cell", "message"), [("abc", "'abc' .*row 37"), ("nan", "got nan at row 37"), ("9", "got 9 at row 37")]
)
def test_a_cell_of_a_table_that_is_no_number_has_the_row_of_the_file(
    tmp_path: Path, cell: str, message: str
) -> None:
    lines = ["0,1,2"] * 50
    lines[37] = f"{cell},1,2" if cell == "9" else f"0,{cell},2"
    path = tmp_path / "rows.csv"
    path.write_text("\n".join(["labels,logit_0,logit_1", *lines]))
    with pytest.raises(CalibrantError, match=message):
        shards(path, rows=10)[3].read()
    with pytest.raises(CalibrantError, match=message):
        read(path)


def test_a_shard_may_have_no_weight_where_the_file_has(divisible: Path) -> None:
    rows = Predictions.from_logits(np.eye(4), [0, 1, 2, 3], sample_weight=[0, 0, 1, 2])
    write(rows, divisible)
    first, _ = shards(divisible, rows=2)
    assert first.read().sample_weight.tolist() == [0.0, 0.0]


def test_a_file_that_has_changed_is_noticed(divisible: Path) -> None:
    write(overconfident(30, 3), divisible)
    last = shards(divisible, rows=10)[-1]
    write(overconfident(25, 3), divisible)
    with pytest.raises(UnreadableFile, match=re.escape(divisible.name)):
        last.read()
    divisible.unlink()
    with pytest.raises(UnreadableFile, match=re.escape(divisible.name)):
        last.read()


def test_more_labels_than_scores_are_noticed_before_reading(tmp_path: Path) -> None:
    np.savez(tmp_path / "rows.npz", logits=np.zeros((5, 3)), labels=np.zeros(6, np.int64))
    with pytest.raises(
        InvalidPredictions, match=r"scores has the shape \(5, 3\) but labels the shape \(6,\)"
    ):
        shards(tmp_path / "rows.npz")


@pytest.mark.parametrize("shape", [(4, 2, 2), (4, 0), ()])
def test_scores_of_no_class_or_of_pixels_are_refused(tmp_path: Path, shape: tuple[int, ...]) -> None:
    np.savez(tmp_path / "rows.npz", logits=np.zeros(shape), labels=np.zeros(4, np.int64))
    with pytest.raises(InvalidPredictions, match=r"rows\.npz"):
        shards(tmp_path / "rows.npz")


def test_no_rows(tmp_path: Path) -> None:
    np.savez(tmp_path / "rows.npz", logits=np.zeros((0, 3)), labels=np.zeros(0, np.int64))
    with pytest.raises(EmptyPredictions):
        shards(tmp_path / "rows.npz")


def test_shards_of_no_rows_are_refused(path: Path) -> None:
    write(overconfident(3, 2), path)
    with pytest.raises(InvalidArgument, match="at least one row; got rows=0"):
        shards(path, rows=0)


@pytest.mark.parametrize("options", [{"kind": "probs"}, {"logits_key": "out", "label_key": "truth"}])
def test_options_reach_the_shards(tmp_path: Path, options: dict[str, Any]) -> None:
    names = ("out", "truth") if "logits_key" in options else ("logits", "labels")
    np.savez(tmp_path / "rows.npz", **{names[0]: np.full((4, 2), 0.5), names[1]: np.zeros(4, np.int64)})
    found = shards(tmp_path / "rows.npz", rows=2, **options)
    assert_identical(joined([shard.read() for shard in found]), read(tmp_path / "rows.npz", **options))
