"""No command writes its result over what it was given."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from calibrant.io import write
from calibrant.predictions import Predictions
from tests.cli.program import run_program


@pytest.mark.parametrize(
    "words",
    [
        ("fit", "rows.csv", "-o", "rows.csv"),
        ("fit", "rows.csv", "-o", "link.csv", "--in-parts"),
        ("reliability", "rows.csv", "-o", "rows.csv"),
        ("apply", "calibrator.json", "rows.csv", "-o", "rows.csv"),
        ("apply", "calibrator.json", "rows.csv", "-o", "calibrator.json"),
        ("convert", "rows.csv", "link.csv"),
        ("plot", "rows.csv", "-o", "rows.png"),
        ("report", "rows.csv", "-o", "rows.md"),
        ("report", "rows.csv", "--calibrator", "calibrator.json", "-o", "calibrator.json"),
        ("apply", "calibrator.json", "some.logits.npy", "-o", "some.labels.npy"),
        ("fit", "some.logits.npy", "--label-key", "truth", "-o", "some.truth.npy"),
        ("fit", "parts", "-o", "parts/first.parquet"),
        ("fit", "parts", "-o", "parts/new.parquet"),
        ("convert", "parts", "parts/first.parquet"),
        ("plot", "rows.csv", "--validation", "parts", "-o", "parts/first.parquet"),
        ("report", "run", "-o", "run/evaluation.json"),
        ("export", "run", "-o", "run/recipe.toml", "--format", "onnx"),
        ("predict", "run", "images", "-o", "run/val.npz"),
        ("predict", "run", "images", "-o", "images/metadata.csv"),
        ("export", "calibrator.json", "-o", "calibrator.json", "--format", "onnx"),
        ("export", "calibrator.json", "-o", "rows.csv", "--data", "rows.csv", "--format", "onnx"),
    ],
)
def test_the_input_stays(words: tuple[str, ...], tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    generator = np.random.default_rng(0)
    rows = Predictions.from_logits(generator.normal(size=(50, 3)), generator.integers(0, 3, 50))
    write(rows, "rows.csv")
    for link in ("link.csv", "rows.md", "rows.png"):
        Path(link).symlink_to("rows.csv")
    assert run_program("fit", "rows.csv", "-o", "calibrator.json").code == 0
    for name in ("parts", "run", "images/cat"):
        Path(name).mkdir(parents=True)
    write(rows, "parts/first.parquet")
    for name in ("logits", "labels", "truth"):
        np.save(f"some.{name}.npy", rows.scores if name == "logits" else rows.labels)
    for name in ("recipe.toml", "evaluation.json", "val.npz"):
        Path("run", name).touch()
    for name in ("metadata.csv", "cat/a.png"):
        Path("images", name).touch()
    before = _contents()
    outcome = run_program(*words)
    assert outcome.code == 2
    assert "Name another place." in " ".join(outcome.err.split())
    assert _contents() == before


@pytest.mark.parametrize("name", ["calibrator.json", "rows.html", "rows.png"])
def test_a_folder_that_is_read_may_keep_what_was_made_of_it(
    name: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    generator = np.random.default_rng(0)
    rows = Predictions.from_logits(generator.normal(size=(50, 3)), generator.integers(0, 3, 50))
    Path("parts").mkdir()
    write(rows, "parts/first.parquet")
    command = {".json": "fit", ".html": "report", ".png": "plot"}[Path(name).suffix]
    for _ in range(2):
        assert run_program(command, "parts", "-o", f"parts/{name}").code == 0


def test_an_input_named_by_a_url_of_this_machine_stays(tmp_path: Path) -> None:
    generator = np.random.default_rng(0)
    path = tmp_path / "rows.csv"
    write(Predictions.from_logits(generator.normal(size=(50, 3)), generator.integers(0, 3, 50)), path)
    before = path.read_bytes()
    for url in (f"file://{path}", f"local://{path}", f"simplecache::file://{path}"):
        outcome = run_program("convert", url, str(path))
        assert outcome.code == 2
        assert "Name another place." in " ".join(outcome.err.split())
    assert path.read_bytes() == before


def _contents() -> dict[Path, bytes]:
    return {path: path.read_bytes() for path in Path().rglob("*") if path.is_file()}
