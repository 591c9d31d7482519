"""`calibrant evaluate`."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

import calibrant as package
from tests.cli.conftest import Program


def test_the_table(calibrant: Program, held_out: Path) -> None:
    outcome = calibrant("evaluate", held_out)
    assert outcome.code == 0
    assert outcome.out == f"{package.evaluate(package.read(held_out))}\n"
    assert outcome.err == ""


def test_json_is_what_python_gives(calibrant: Program, held_out: Path) -> None:
    outcome = calibrant("evaluate", held_out, "--json")
    assert outcome.json == package.evaluate(package.read(held_out)).to_json()
    assert outcome.err == ""


def test_files_of_others(calibrant: Program, three_classes: Path) -> None:
    keys = ("--logits-key", "outputs", "--label-key", "truth", "--kind", "logits")
    outcome = calibrant("evaluate", three_classes, *keys, "--json")
    assert (outcome.json["n"], outcome.json["k"]) == (100, 3)
    assert outcome.err == f"{three_classes}: not read: epoch\n"


def test_kind_chooses_between_two(calibrant: Program, tmp_path: Path) -> None:
    path = tmp_path / "both.npz"
    np.savez(path, logits=[[0.0, 1.0]], probs=[[0.5, 0.5]], labels=[1])
    outcome = calibrant("evaluate", path)
    assert outcome.code == 2
    assert outcome.err == f"calibrant: {path} has both 'logits' and 'probs': choose one with --kind.\n"
    assert calibrant("evaluate", path, "--kind", "probs", "--json").json["mean_confidence"] == 0.5


def test_of_many_other_columns_some_are_named(calibrant: Program, tmp_path: Path) -> None:
    columns = {f"other{number}": np.zeros(4) for number in range(1000)}
    np.savez(tmp_path / "rows.npz", logits=np.zeros((4, 2)), labels=np.zeros(4, int), **columns)
    outcome = calibrant("evaluate", tmp_path / "rows.npz")
    assert outcome.code == 0
    assert outcome.err.endswith("other8, other9, …\n")


@pytest.mark.parametrize(
    ("name", "content", "message"),
    [
        ("missing.npz", None, "there is no such file"),
        ("rows.xlsx", b"PK", "has the suffix '.xlsx'; calibrant reads and writes"),
        ("rows.npz", b"", "is not a readable .npz file"),
        ("rows.npz", b"PK\x03\x04 cut off", "is not a readable .npz file"),
        ("rows.csv", b"labels;logit\n0;1\n", "separated by ';'; separate them by commas"),
        ("rows.csv", b"labels,logit\n0,1\n1,abc\n", "'abc' in row 1, column 'logit', is no number"),
        (
            "rows.csv",
            b"labels,logit_0,logit_1\n0,1,2\n2,1,2\n",
            "labels must lie in 0..1 (2 classes); got 2 at row 1",
        ),
        ("rows.csv", b"labels,logit\n1,nan\n", "got nan at row 0"),
        ("rows.csv", b"labels,prob\n1,7\n", "probs must lie in 0..1; got 7.0 at row 0"),
        ("rows.csv", b"labels,logit\n", "has a header but no rows"),
        ("rows.csv", b"truth,logit\n1,2\n", "Name the column of true classes with --label-key"),
        ("rows.csv", b"labels,score\n1,2\n", "Name their common start with --logits-key"),
    ],
)
@pytest.mark.parametrize("flags", [(), ("--json",)])
def test_bad_files_end_with_their_message(
    calibrant: Program, tmp_path: Path, name: str, content: bytes | None, message: str, flags: tuple[str, ...]
) -> None:
    path = tmp_path / name
    if content is not None:
        path.write_bytes(content)
    outcome = calibrant("evaluate", path, *flags)
    assert outcome.code == 2
    assert outcome.out == ""
    assert outcome.err.startswith("calibrant: ")
    assert str(path) in outcome.err
    assert message in outcome.err
    assert "Traceback" not in outcome.err


def test_a_folder_without_parts_is_no_file(calibrant: Program, tmp_path: Path) -> None:
    folder = tmp_path / "rows.npz"
    folder.mkdir()
    outcome = calibrant("evaluate", folder)
    assert (outcome.code, outcome.err) == (
        2,
        f"calibrant: cannot read {folder}: it is a folder without parts (.parquet, .arrow, .feather). "
        "Name a file of predictions.\n",
    )


def test_the_convention_of_a_tool(calibrant: Program, held_out: Path) -> None:
    outcome = calibrant("evaluate", held_out, "--convention", "netcal", "--bins", 12, "--json")
    rows = package.read(held_out)
    assert outcome.json == package.evaluate(rows, convention="netcal", bins=12).to_json()
    assert outcome.json["ece"] == package.metrics.ece_as(rows, "netcal", 12).value
    table = calibrant("evaluate", held_out, "--convention", "netcal", "--bins", 12)
    assert table.out == f"{package.evaluate(rows, convention='netcal', bins=12)}\n"


def test_a_tool_that_is_not_known(calibrant: Program, held_out: Path) -> None:
    outcome = calibrant("evaluate", held_out, "--convention", "nectal")
    assert (outcome.code, outcome.out) == (2, "")
    assert outcome.err == "calibrant: there is no tool 'nectal'. Did you mean 'netcal'?\n"


def test_weights_that_a_tool_does_not_know(calibrant: Program, held_out: Path, tmp_path: Path) -> None:
    rows = package.read(held_out)
    path = tmp_path / "weighted.npz"
    np.savez(path, logits=rows.logits(), labels=rows.labels, sample_weight=np.arange(1.0, rows.n + 1))
    said = "netcal knows no weights: its errors count every row once, the means by its weight\n"
    assert calibrant("evaluate", path, "--convention", "netcal", "--json").err == said
    assert calibrant("evaluate", path).err == ""
    assert calibrant("evaluate", held_out, "--convention", "netcal").err == ""


@pytest.mark.parametrize("weight", [5e-324, 1e155, 1e300])
@pytest.mark.parametrize(
    "words",
    [("evaluate",), ("evaluate", "--in-parts"), ("sweep",), ("sweep", "--in-parts"), ("plan",)],
)
def test_weights_that_are_no_counts_of_rows(
    calibrant: Program, tmp_path: Path, weight: float, words: tuple[str, ...]
) -> None:
    generator = np.random.default_rng(0)
    rows = {"logits": generator.normal(size=(60, 3)), "labels": generator.integers(0, 3, 60)}
    np.savez(tmp_path / "rows.npz", **rows, sample_weight=np.full(60, weight))
    options = ("--half-width", "0.01") if words == ("plan",) else words[1:]
    outcome = calibrant(words[0], tmp_path / "rows.npz", *options)
    assert outcome.code == 2
    assert "must lie between 1e-15 and 1e+15 to be counts of rows" in " ".join(outcome.err.split())


@pytest.mark.parametrize("shares", [(1e14, 1e-308), (1.0, 1e-320), (1e-14, 0.0)])
def test_weights_of_which_one_is_all_that_counts(
    calibrant: Program, tmp_path: Path, shares: tuple[float, float]
) -> None:
    generator = np.random.default_rng(0)
    rows = {"logits": generator.normal(size=(60, 3)), "labels": generator.integers(0, 3, 60)}
    weight = np.where(np.arange(60) == 7, *shares)
    np.savez(tmp_path / "rows.npz", **rows, sample_weight=weight)
    for command in ("evaluate", "reliability", "sweep"):
        assert calibrant(command, tmp_path / "rows.npz").code == 0
