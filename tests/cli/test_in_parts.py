"""`--in-parts`: the same numbers from a file that is never in memory as a whole."""

from __future__ import annotations

from pathlib import Path

import pytest

from calibrant.io import write
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
    ("words", "message"),
    [
        (("fit", "--method", "basis", "-o", "c.json"), "basis as it is set up needs all rows at once"),
        (("fit", "--counts-key", "counts", "-o", "c.json"), "--in-parts needs one label for each row"),
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
