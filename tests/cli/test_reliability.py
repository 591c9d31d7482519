"""`calibrant reliability`."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

import calibrant as package
from tests.cli.conftest import Program


def test_the_table_and_the_json(calibrant: Program, held_out: Path) -> None:
    wanted = package.reliability(package.read(held_out))
    assert calibrant("reliability", held_out).out == f"{wanted}\n"
    assert calibrant("reliability", held_out, "--json").json == wanted.to_json()


@pytest.mark.parametrize("word", ["cat", "1"])
def test_a_class_by_name_or_number(calibrant: Program, held_out: Path, word: str) -> None:
    wanted = package.reliability(package.read(held_out), class_index=1, bins=5, scheme="equal-mass")
    outcome = calibrant(
        "reliability", held_out, "--class", word, "--bins", 5, "--scheme", "equal-mass", "--json"
    )
    assert outcome.json == wanted.to_json()


def test_the_bins_as_a_file(calibrant: Program, held_out: Path, tmp_path: Path) -> None:
    wanted = package.reliability(package.read(held_out))
    for name, content in (("bins.csv", wanted.to_csv()), ("bins.json", None)):
        outcome = calibrant("reliability", held_out, "-o", tmp_path / name)
        assert outcome.err == f"wrote {tmp_path / name}\n"
        text = (tmp_path / name).read_text(encoding="utf-8")
        assert text == content if content is not None else json.loads(text) == wanted.to_json()


@pytest.mark.parametrize(
    ("words", "message"),
    [
        (["--class", "dog"], "there is no class 'dog'; the classes are bird, cat."),
        (["--class", "2"], "there is no class '2'"),
        (["--class", "²"], "there is no class '²'"),
        (["--class", "-1"], "there is no class '-1'"),
        (["--bins", "0"], "--bins"),
        (["--bins", "1000000000000"], "--bins"),
        (["--scheme", "equal"], "--scheme"),
        (["-o", "bins.txt"], "bins are written as .csv or .json; got bins.txt."),
        (["-o", "missing/bins.csv"], "there is no folder missing"),
    ],
)
def test_what_cannot_be_asked(
    calibrant: Program,
    held_out: Path,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    words: list[str],
    message: str,
) -> None:
    monkeypatch.chdir(tmp_path)
    outcome = calibrant("reliability", held_out, *words)
    assert (outcome.code, outcome.out) == (2, "")
    assert message in outcome.err
    assert "Traceback" not in outcome.err
    assert list(tmp_path.iterdir()) == [held_out]
