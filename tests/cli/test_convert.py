"""`calibrant convert`, and the other commands on what it wrote."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from calibrant.io import FORMATS, read
from tests.cli.conftest import Program
from tests.io.kinds_of_rows import assert_identical

SUFFIXES = sorted(FORMATS)


def test_the_rows_are_those_of_the_file(calibrant: Program, validation: Path, tmp_path: Path) -> None:
    outcome = calibrant("convert", validation, tmp_path / "out.parquet")
    assert (outcome.code, outcome.out) == (0, "400 rows, 2 classes: labels, logits\n")
    assert outcome.err == f"wrote {tmp_path / 'out.parquet'}\n"
    assert_identical(read(tmp_path / "out.parquet"), read(validation))


def test_a_folder_of_parts(calibrant: Program, validation: Path, tmp_path: Path) -> None:
    outcome = calibrant("convert", validation, tmp_path / "parts", "--rows-per-part", "150")
    assert outcome.out == "400 rows, 2 classes in 3 files: labels, logits\n"
    evaluated = calibrant("evaluate", tmp_path / "parts", "--json").json
    assert evaluated == calibrant("evaluate", validation, "--json").json


def test_what_is_left_out_is_named(calibrant: Program, three_classes: Path, tmp_path: Path) -> None:
    keys = ("--logits-key", "outputs", "--label-key", "truth", "--kind", "logits")
    outcome = calibrant("convert", three_classes, tmp_path / "out.safetensors", *keys, "--json")
    assert outcome.json == {
        "schema": "calibrant.convert/1",
        "n": 100,
        "k": 3,
        "kind": "logits",
        "columns": ["labels", "logits"],
        "output": str(tmp_path / "out.safetensors"),
        "parts": 1,
        "left_out": ["epoch"],
    }
    assert outcome.err == f"{three_classes}: left out: epoch\nwrote {tmp_path / 'out.safetensors'}\n"


@pytest.mark.parametrize(
    ("words", "message"),
    [
        (["absent.npz", "out.parquet"], "there is no such file"),
        (["val.npz", "out.txt"], "has the suffix '.txt'"),
        (["val.npz", "missing/out.npy"], "there is no folder missing"),
        (["val.npz", "s3://bucket/out.npy"], "cannot write s3://bucket/out.npy"),
        (["cut.npz", "out.parquet"], "cut.npz is not a readable .npz file"),
        (["val.npz", "val.npz", "--rows-per-part", "9"], "cannot write the folder val.npz"),
    ],
)
def test_what_cannot_be_converted_leaves_nothing(
    calibrant: Program,
    validation: Path,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    words: list[str],
    message: str,
) -> None:
    monkeypatch.chdir(tmp_path)
    Path("cut.npz").write_bytes(validation.read_bytes()[:-50])
    before = sorted(tmp_path.iterdir())
    outcome = calibrant("convert", *words)
    assert (outcome.code, outcome.out) == (2, "")
    assert message in outcome.err
    assert sorted(tmp_path.iterdir()) == before


@pytest.mark.parametrize("suffix", SUFFIXES)
def test_every_command_reads_every_format(
    calibrant: Program, validation: Path, held_out: Path, tmp_path: Path, suffix: str
) -> None:
    rows, fitting = tmp_path / f"r{suffix}", tmp_path / f"f{suffix}"
    calibrant("convert", held_out, rows)
    calibrant("convert", validation, fitting)
    for words in (("evaluate",), ("sweep",), ("reliability",)):
        assert calibrant(*words, rows, "--json").json == calibrant(*words, held_out, "--json").json
    fitted = [
        calibrant("fit", path, "-o", tmp_path / "c.json", "--json").json for path in (fitting, validation)
    ]
    assert fitted[0] == fitted[1]
    assert calibrant("doctor", rows, "--fit", fitting).code in (0, 1)
    applied = calibrant("apply", tmp_path / "c.json", rows, "-o", tmp_path / f"applied{suffix}")
    assert applied.code == 0
    assert read(tmp_path / f"applied{suffix}").n == 300


@pytest.mark.data
@pytest.mark.parametrize(
    "net", ["c100-resnet50-brier", "c10-resnet110-human", "imagenet-densenet161-top-label"]
)
def test_real_predictions_are_the_same_in_every_format(
    calibrant: Program, calibrant_data: Path, tmp_path: Path, net: str
) -> None:
    source = calibrant_data / "predictions" / net / "test.npz"
    words = ("--counts-key", "human_counts") if net.endswith("human") else ()
    wanted = calibrant("evaluate", source, *words, "--json").out
    for suffix in SUFFIXES:
        if suffix == ".csv" and "top-label" not in net:
            continue  # its scores are read in float64, in which sums differ in their last digits
        assert calibrant("convert", source, tmp_path / f"rows{suffix}", *words).code == 0
        assert calibrant("evaluate", tmp_path / f"rows{suffix}", "--json").out == wanted, suffix
    assert calibrant("convert", source, tmp_path / "parts", *words, "--rows-per-part", "4096").code == 0
    assert calibrant("evaluate", tmp_path / "parts", "--json").out == wanted
    assert re.search('"n": [0-9]{5}', wanted)
