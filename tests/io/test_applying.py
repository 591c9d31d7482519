"""A calibrator applied in portions: the rows it gives on the whole, and runs that are stopped and go on."""

from __future__ import annotations

import json
import os
import shutil
import signal
import subprocess
import sys
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from calibrant.calibrators import HistogramBinning, TemperatureScaling, VectorScaling
from calibrant.errors import (
    CalibrantError,
    EmptyPredictions,
    IncompatiblePredictions,
    UnreadableFile,
    UnwritableFile,
)
from calibrant.io import apply, convert, read, write
from calibrant.io.applied_parts import RECORD
from calibrant.predictions import Predictions, TopLabelPredictions
from tests.cli.program import check_schema
from tests.drawn_predictions import overconfident
from tests.io.kinds_of_rows import assert_identical

pytestmark = pytest.mark.usefixtures("small_shards")

ROWS = replace(
    Predictions.from_logits(
        overconfident(60, 3).scores.astype(np.float32),
        overconfident(60, 3).labels,
        classes=["bird", "cat", "dog"],
        sample_weight=np.arange(60) % 3 / 2,
    ),
    ids=np.array([f"row {number}" for number in range(60)]),
)
SCALING = TemperatureScaling(1.7)


@pytest.fixture
def parts(tmp_path: Path) -> Path:
    """Return a folder of three parts of 20 rows, each of three shards."""
    write(ROWS, tmp_path / "rows.npz")
    convert(tmp_path / "rows.npz", tmp_path / "parts", rows_per_part=20)
    return tmp_path / "parts"


def contents(folder: Path) -> dict[str, bytes]:
    """Return the bytes of the parts under final names."""
    return {path.name: path.read_bytes() for path in sorted(folder.glob("part-*"))}


def names(folder: Path) -> set[str]:
    """Return all names, hidden ones too."""
    return {path.name for path in folder.iterdir()}


class Stopping:
    """A calibrator that meets an error at one of its calls."""

    method, parameters, bound_to = SCALING.method, SCALING.parameters, SCALING.bound_to

    def __init__(self, last: int) -> None:
        self.last = last

    def transform(self, predictions: Predictions) -> Predictions:
        self.last -= 1
        if self.last < 0:
            raise KeyboardInterrupt
        return SCALING.transform(predictions)


@pytest.mark.parametrize("suffix", [".npz", ".npy", ".csv", ".parquet", ".arrow"])
@pytest.mark.parametrize("binned", [False, True])
def test_a_file_has_the_rows_that_the_whole_gives(tmp_path: Path, suffix: str, binned: bool) -> None:
    calibrator = HistogramBinning().fit(ROWS) if binned else SCALING
    rows = replace(ROWS, ids=None) if suffix == ".npy" else ROWS
    write(rows, tmp_path / "in.parquet")
    told: list[int] = []
    done = apply(calibrator, tmp_path / "in.parquet", tmp_path / f"out{suffix}", on_rows=told.append)
    wanted = calibrator.transform(read(tmp_path / "in.parquet"))
    found = read(tmp_path / f"out{suffix}")
    assert found.kind == ("probs" if binned else "logits")
    if suffix == ".csv":
        wanted = replace(wanted, scores=wanted.scores.astype(np.float64))
    assert_identical(found, wanted)
    assert (done.n, done.parts, done.skipped) == (60, 1, 0)
    assert told == [8] * 7 + [4]
    assert len(list(tmp_path.iterdir())) == 2


def test_a_folder_becomes_a_folder_of_the_same_parts(tmp_path: Path, parts: Path) -> None:
    done = apply(SCALING, parts, tmp_path / "out")
    assert (done.n, done.parts, done.skipped) == (60, 3, 0)
    assert list(contents(tmp_path / "out")) == list(contents(parts))
    assert_identical(read(tmp_path / "out"), SCALING.transform(read(parts)))
    record = json.loads((tmp_path / "out" / RECORD).read_text())
    check_schema(record)
    assert record["method"] == "temperature"
    assert record["parts"]["part-00001.parquet"]["bytes"] == (parts / "part-00001.parquet").stat().st_size
    with pytest.raises(AssertionError):
        assert_identical(read(tmp_path / "out"), read(parts))


def test_a_folder_becomes_one_file_where_the_suffix_says_so(tmp_path: Path, parts: Path) -> None:
    assert apply(SCALING, parts, tmp_path / "out.arrow").parts == 1
    assert_identical(read(tmp_path / "out.arrow"), SCALING.transform(read(parts)))


def test_a_run_that_was_killed_goes_on_to_the_same_bytes(tmp_path: Path, parts: Path) -> None:
    apply(SCALING, parts, tmp_path / "wanted")
    script = """
import os, signal, sys
from calibrant import TemperatureScaling
from calibrant.io import apply, arrow_tables

arrow_tables.rows_at_once = lambda row_bytes: 8

class Killed:
    scaling, calls = TemperatureScaling(1.7), 0
    method, parameters, bound_to = scaling.method, scaling.parameters, scaling.bound_to

    def transform(self, rows):
        self.calls += 1
        if self.calls == 6:
            os.kill(os.getpid(), signal.SIGKILL)
        return self.scaling.transform(rows)

apply(Killed(), sys.argv[1], sys.argv[2])
"""
    words = [sys.executable, "-c", script, str(parts), str(tmp_path / "out")]
    assert subprocess.run(words, check=False, timeout=120).returncode == -signal.SIGKILL
    wanted = contents(tmp_path / "wanted")
    assert contents(tmp_path / "out") == {"part-00000.parquet": wanted["part-00000.parquet"]}
    left = [path for path in (tmp_path / "out").glob(".calibrant-*") if path.stat().st_size > 0]
    assert len(left) == 1
    done = apply(SCALING, parts, tmp_path / "out")
    assert (done.n, done.parts, done.skipped) == (60, 3, 1)
    assert contents(tmp_path / "out") == wanted
    assert names(tmp_path / "out") == {RECORD, ".lock", *wanted}


def test_finished_parts_are_not_made_again(tmp_path: Path, parts: Path) -> None:
    with pytest.raises(KeyboardInterrupt):
        apply(Stopping(7), parts, tmp_path / "out")
    made = {name: (tmp_path / "out" / name).stat().st_mtime_ns for name in contents(tmp_path / "out")}
    assert len(made) == 2
    assert apply(Stopping(3), parts, tmp_path / "out").skipped == 2
    assert all((tmp_path / "out" / name).stat().st_mtime_ns == when for name, when in made.items())
    assert apply(Stopping(0), parts, tmp_path / "out").skipped == 3


def test_parts_that_are_new_or_mended_join_those_that_are_finished(tmp_path: Path, parts: Path) -> None:
    good = (parts / "part-00002.parquet").read_bytes()
    (parts / "part-00002.parquet").write_bytes(good[:60] + bytes(9) + good[69:])
    with pytest.raises(UnreadableFile, match=r"part-00002\.parquet"):
        apply(SCALING, parts, tmp_path / "out")
    assert len(contents(tmp_path / "out")) == 2
    (parts / "part-00002.parquet").write_bytes(good)
    shutil.copy(parts / "part-00000.parquet", parts / "part-00003.parquet")
    assert apply(SCALING, parts, tmp_path / "out").skipped == 2
    assert_identical(read(tmp_path / "out"), SCALING.transform(read(parts)))


def other_calibrator(parts: Path, out: Path) -> Any:
    return TemperatureScaling(1.8)


def changed_part(parts: Path, out: Path) -> None:
    path = parts / "part-00000.parquet"
    write(read(path).take(np.arange(19)), path)


def same_size(parts: Path, out: Path) -> None:
    os.utime(parts / "part-00001.parquet", ns=(1, 1))


def part_of_others(parts: Path, out: Path) -> None:
    shutil.copy(parts / "part-00000.parquet", out / "part-00009.parquet")


def no_record(parts: Path, out: Path) -> None:
    (out / RECORD).unlink()


def damaged_record(parts: Path, out: Path) -> None:
    (out / RECORD).write_text("{")


@pytest.mark.parametrize(
    ("spoil", "message"),
    [
        (other_calibrator, r"parts of another calibrator \(temperature\)\. Name another folder, or remove"),
        (changed_part, r"part-00000\.parquet of the input is not what .* was made of.* Remove that file"),
        (same_size, r"part-00001\.parquet of the input is not what .* was made of: its size or its time"),
        (part_of_others, r"part-00009\.parquet is in it, and the input has no such part"),
        (no_record, r"part-0000\d\.parquet is in it, and no _calibrant\.json"),
        (damaged_record, r"is in it, and no _calibrant\.json that says what it is made of"),
    ],
)
def test_parts_of_two_origins_never_mix(tmp_path: Path, parts: Path, spoil: Any, message: str) -> None:
    apply(SCALING, parts, tmp_path / "out")
    calibrator = spoil(parts, tmp_path / "out") or SCALING
    before = contents(tmp_path / "out")
    with pytest.raises(UnwritableFile, match=message):
        apply(calibrator, parts, tmp_path / "out")
    assert contents(tmp_path / "out") == before


def test_a_calibrator_of_probabilities_is_another_than_one_of_logits(tmp_path: Path, parts: Path) -> None:
    """Vector scaling with the same numbers gives other probabilities where it was fitted on the others."""
    rows = overconfident(60, 3)
    of_logits, of_probs = VectorScaling().fit(rows), VectorScaling().fit(rows)
    assert of_probs.fitted_on_ is not None
    of_probs.fitted_on_ = replace(of_probs.fitted_on_, kind="probs")
    apply(of_logits, parts, tmp_path / "out")
    with pytest.raises(UnwritableFile, match="it holds parts of another calibrator"):
        apply(of_probs, parts, tmp_path / "out")


def test_no_part_of_the_input_is_written_over_or_added(tmp_path: Path, parts: Path) -> None:
    before = contents(parts)
    for target in (parts / sorted(before)[0], parts / "more.parquet"):
        with pytest.raises(UnwritableFile, match="read from"):
            apply(SCALING, parts, target)
        with pytest.raises(UnwritableFile, match="read from"):
            convert(parts, target)
    assert contents(parts) == before


def test_another_way_of_reading_is_another_input(tmp_path: Path, parts: Path) -> None:
    apply(SCALING, parts, tmp_path / "out")
    with pytest.raises(UnwritableFile, match="read with other keys or another kind"):
        apply(SCALING, parts, tmp_path / "out", logits_key="logits")


def test_what_cannot_be_calibrated_leaves_nothing(tmp_path: Path, parts: Path) -> None:
    before = sorted(tmp_path.iterdir())
    other = TemperatureScaling().fit(overconfident(20, 4))
    with pytest.raises(IncompatiblePredictions, match="fitted on 4 classes; these rows have 3"):
        apply(other, parts, tmp_path / "out")
    with pytest.raises(UnwritableFile, match="the rows are read from there"):
        apply(SCALING, parts, parts)
    with pytest.raises(UnreadableFile, match="has the suffix ''"):
        apply(SCALING, tmp_path / "rows.npz", tmp_path / "out")
    with pytest.raises(UnwritableFile, match="this machine only"):
        apply(SCALING, parts, "s3://bucket/out")
    (tmp_path / "file").write_text("")
    with pytest.raises(UnwritableFile, match="it is a file"):
        apply(SCALING, parts, tmp_path / "file")
    (tmp_path / "file").unlink()
    assert sorted(tmp_path.iterdir()) == before
    assert names(parts) == set(contents(parts))


def test_rows_of_other_forms_and_of_no_weight_are_refused(tmp_path: Path) -> None:
    write(TopLabelPredictions.from_correct([0.5, 0.9], [0, 1]), tmp_path / "top.csv")
    (tmp_path / "light.csv").write_text("labels,logit,sample_weight\n0,1,0\n1,2,0\n")
    for name, error in (("top.csv", IncompatiblePredictions), ("light.csv", EmptyPredictions)):
        with pytest.raises(error):
            apply(SCALING, tmp_path / name, tmp_path / "out.csv")
    assert not (tmp_path / "out.csv").exists()


def test_a_bad_row_late_in_a_file_leaves_nothing(tmp_path: Path) -> None:
    lines = ["0,1,2"] * 49 + ["0,nan,2"]
    (tmp_path / "in.csv").write_text("\n".join(["labels,logit_0,logit_1", *lines]))
    with pytest.raises(CalibrantError, match=r"in\.csv: .* row 49"):
        apply(SCALING, tmp_path / "in.csv", tmp_path / "out.npy")
    assert [path.name for path in tmp_path.iterdir()] == ["in.csv"]


def test_a_folder_at_a_url(tmp_path: Path, parts: Path) -> None:
    pytest.importorskip("fsspec")
    done = apply(SCALING, f"file://{parts}", tmp_path / "out")
    assert (done.parts, done.skipped) == (3, 0)
    assert contents(tmp_path / "out").keys() == contents(parts).keys()
    assert apply(SCALING, f"file://{parts}", tmp_path / "out").skipped == 3


class Overtaken:
    """A calibrator during whose first call another one fills the folder that this one found empty."""

    method, parameters, bound_to = SCALING.method, SCALING.parameters, SCALING.bound_to

    def __init__(self, other: Any, parts: Path, out: Path) -> None:
        self.words, self.calls = (other, parts, out), 0

    def transform(self, predictions: Predictions) -> Predictions:
        self.calls += 1
        if self.calls == 1:
            apply(*self.words)
        return SCALING.transform(predictions)


def test_a_folder_that_another_calibrator_fills_meanwhile_is_no_mixture(tmp_path: Path, parts: Path) -> None:
    other, out = TemperatureScaling(1.8), tmp_path / "out"
    with pytest.raises(UnwritableFile, match="it holds parts of another calibrator"):
        apply(Overtaken(other, parts, out), parts, out)
    assert_identical(read(out), other.transform(read(parts)))


def test_parts_that_another_process_makes_meanwhile_are_not_made_again(tmp_path: Path, parts: Path) -> None:
    out = tmp_path / "out"
    done = apply(Overtaken(SCALING, parts, out), parts, out)
    assert (done.n, done.parts, done.skipped) == (60, 3, 3)
    assert_identical(read(out), SCALING.transform(read(parts)))
