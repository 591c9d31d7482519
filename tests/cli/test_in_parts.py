"""`--in-parts`: the same numbers from a file that is never in memory as a whole."""

from __future__ import annotations

from pathlib import Path

import pytest

from calibrant.calibrators import TemperatureScaling
from calibrant.io import read, write
from tests.cli.program import Outcome, run_program
from tests.drawn_predictions import overconfident


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return a folder of four parts."""
    place = tmp_path_factory.mktemp("rows")
    write(overconfident(20_000, 3), place / "rows.npy")
    done = run_program("convert", place / "rows.npy", place / "parts", "--rows-per-part", "5000")
    assert done.code == 0, done.err
    return place / "parts"


def close(found: object, expected: object) -> bool:
    """Return whether two JSON values agree to 1e-9."""
    if isinstance(expected, dict):
        return (
            isinstance(found, dict)
            and found.keys() == expected.keys()
            and all(close(found[key], expected[key]) for key in expected)
        )
    if isinstance(expected, list):
        return isinstance(found, list) and len(found) == len(expected) and all(map(close, found, expected))
    if isinstance(expected, float):
        return found == pytest.approx(expected, rel=1e-9, abs=1e-12)
    return found == expected


def test_evaluate(folder: Path) -> None:
    whole, parts = (
        run_program("evaluate", folder, "--json"),
        run_program("evaluate", folder, "--json", "--in-parts"),
    )
    assert close(parts.json, whole.json)


def test_fit(folder: Path, tmp_path: Path) -> None:
    def fit(*words: str) -> Outcome:
        return run_program("fit", folder, "-o", tmp_path / f"{len(words)}.json", "--json", *words)

    whole, parts = fit().json, fit("--in-parts").json
    for content in (whole, parts):
        content["parameters"].pop("iterations")
    assert close(parts, whole)
    text = run_program("fit", folder, "-o", tmp_path / "c.json", "--in-parts")
    assert "temperature scaling: T = " in text.out
    assert "wrote" in text.err


@pytest.mark.parametrize(
    "words",
    [
        ("sweep", "--temperatures", "0.5,1,1.7"),
        ("reliability", "--bins", "10"),
        ("reliability", "--class", "2"),
    ],
)
def test_commands_that_bin(folder: Path, words: tuple[str, ...]) -> None:
    command, *options = words
    whole, parts = (
        run_program(command, folder, "--json", *options),
        run_program(command, folder, "--json", "--in-parts", *options),
    )
    assert close(parts.json, whole.json)


def test_plot(folder: Path, tmp_path: Path) -> None:
    path = tmp_path / "figure.svg"
    outcome = run_program("plot", folder, "-o", path, "--in-parts")
    assert (outcome.code, outcome.err) == (0, f"wrote {path}\n")
    assert path.read_bytes().startswith(b"<?xml")


def test_compare(folder: Path, tmp_path: Path) -> None:
    write(overconfident(5_000, 3, seed=1), tmp_path / "test.npy")
    words = ("compare", tmp_path / "test.npy", "--validation", folder, "--methods", "auto", "--in-parts")
    found = run_program(*words, "--json").json
    assert (found["interval"], found["n"]) == ("normal", 5_000)
    assert [score["method"] for score in found["scores"]] == ["temperature", "identity"]
    assert "needs all rows at once" in found["refused"]["auto"]
    assert "auto refused: the fit needs all rows at once" in run_program(*words).out


def test_apply(folder: Path, tmp_path: Path) -> None:
    fitted, out = tmp_path / "c.json", tmp_path / "out"
    TemperatureScaling(1.7).save(fitted)
    whole = run_program("apply", fitted, folder, "-o", tmp_path / "whole.npy", "--json")
    parts = run_program("apply", fitted, folder, "-o", out, "--json", "--in-parts")
    assert close(parts.json, whole.json)
    assert parts.err == f"wrote {out}\n"
    assert (read(out).scores == read(tmp_path / "whole.npy").scores).all()
    (out / "part-00002.parquet").unlink()
    again = run_program("apply", fitted, folder, "-o", out, "--in-parts")
    assert again.err == f"3 of 4 parts were finished before\nwrote {out}\n"
    assert again.out.startswith("temperature scaling: T = 1.7000 (softens)")
    TemperatureScaling(1.8).save(fitted)
    other = run_program("apply", fitted, folder, "-o", out, "--in-parts")
    assert (other.code, other.out) == (2, "")
    assert "it holds parts of another calibrator (temperature). Name another folder, or remove" in other.err


def test_apply_recognises_the_rows_of_the_fit(folder: Path, tmp_path: Path) -> None:
    fitted = tmp_path / "c.json"
    run_program("fit", folder, "-o", fitted, "--in-parts")
    outcome = run_program("apply", fitted, folder, "-o", tmp_path / "out.npy", "--in-parts")
    assert "these are the rows the calibrator was fitted on" in outcome.err


@pytest.mark.parametrize(
    ("words", "message"),
    [
        (("plot", "--class", "dog", "-o", "a.png"), "there is no class 'dog'"),
        (("sweep", "--counts-key", "counts"), "need one label each"),
        (("compare",), "need others to fit on, --validation FILE"),
        (("fit", "--method", "basis", "-o", "c.json"), "basis as it is set up needs all rows at once"),
        (
            ("fit", "--counts-key", "counts", "-o", "c.json"),
            "rows in parts (--in-parts, --engine dask) need one label each",
        ),
        (("evaluate", "--convention", "netcal"), "another tool need all rows at once"),
    ],
)
def test_what_needs_the_whole_file_says_so(
    folder: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, words: tuple[str, ...], message: str
) -> None:
    monkeypatch.chdir(tmp_path)
    command, *options = words
    outcome = run_program(command, folder, "--in-parts", *options)
    assert (outcome.code, outcome.out) == (2, "")
    assert message in outcome.err
    assert list(tmp_path.iterdir()) == []
