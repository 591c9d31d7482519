"""The notebooks in `examples`: stored without outputs, and executed from first to last on small settings."""

from __future__ import annotations

import os
import re
import subprocess
import sys
from html import unescape
from pathlib import Path
from typing import Any

import nbformat
import pytest

import calibrant

EXAMPLES = Path(__file__).parents[1] / "examples"
NOTEBOOKS = sorted(EXAMPLES.glob("*.ipynb"))


def test_there_are_two_notebooks() -> None:
    assert [path.name for path in NOTEBOOKS] == ["bird_vs_cat.ipynb", "your_logits.ipynb"]


@pytest.mark.parametrize("path", NOTEBOOKS, ids=lambda path: path.stem)
def test_a_notebook_is_short_and_stored_without_outputs(path: Path) -> None:
    notebook = _read(path)
    assert len(notebook.cells) < 40
    for cell in notebook.cells:
        if cell.cell_type == "code":
            assert (cell.outputs, cell.execution_count) == ([], None)
            assert not re.search(r"calibrant[\w.]*\._|import _", cell.source)
    told = [cell for cell in notebook.cells if cell.cell_type == "markdown"]
    assert len(told) >= 10


def test_your_logits(tmp_path: Path) -> None:
    shown = _executed("your_logits.ipynb", tmp_path)
    words = _words(shown)
    assert len(_pictures(shown)) == 4
    assert "temperature scaling: T = 1.8941" in words
    assert _ece(words)[1] < _ece(words)[0] / 2
    assert "old camera" in words
    assert "2 of 2 tested groups miscalibrated beyond chance" in words
    assert re.search(r"to fit temperature, 1 free parameters, .*: 500 rows", words)
    stored = re.search(r"ECE (0\.\d+) before, (0\.\d+) after", words)
    assert stored
    assert (float(stored[1]), float(stored[2])) == _ece(words)


def test_bird_vs_cat_on_digits(tmp_path: Path) -> None:
    _check_story(_executed("bird_vs_cat.ipynb", tmp_path))


@pytest.mark.data
def test_bird_vs_cat(tmp_path: Path, calibrant_data: Path) -> None:
    settings = {"EPOCHS = 30": "EPOCHS = 20", "TRAIN_ROWS = None": "TRAIN_ROWS = 1500"}
    shown = _executed("bird_vs_cat.ipynb", tmp_path, settings, CALIBRANT_DATA=str(calibrant_data))
    words = _check_story(shown)
    assert "1,500 images to train on, 2,000 for validation, 2,000 to test on" in words
    assert "classes: bird, cat" in words


def _check_story(shown: list[dict[str, Any]]) -> str:
    """Check what the notebook must show, whatever its images, and return its words."""
    words = _words(shown)
    assert len(_pictures(shown)) == 8
    temperature = re.search(r"temperature scaling: T = (\d\.\d+)", words)
    assert temperature
    assert float(temperature[1]) > 1.1
    before, after = _ece(words)
    assert after < before / 1.5
    cost = re.search(r"before (0\.\d+), after (0\.\d+); asking", words)
    assert cost
    assert float(cost[2]) <= float(cost[1])
    assert re.search(r"image 2: \w+, \d+\.\d% sure \(without calibration \d+\.\d%\); in truth \w+", words)
    for method in ("identity", "structured_matrix", "isotonic"):
        assert method in words
    return words


def _executed(
    name: str, folder: Path, settings: dict[str, str] | None = None, **environment: str
) -> list[dict[str, Any]]:
    """Run a notebook in a process of its own with this Python, and return what its cells show."""
    notebook = _read(EXAMPLES / name)
    for usual, small in (settings or {}).items():
        changed = [cell for cell in notebook.cells if usual in cell.source]
        assert len(changed) == 1, usual
        changed[0].source = changed[0].source.replace(usual, small)
    small_settings = folder / name
    nbformat.write(notebook, small_settings)
    done = subprocess.run(
        [sys.executable, "-m", "tests.run_notebook", small_settings, folder / "kernels"],
        cwd=EXAMPLES.parent,
        env={
            **os.environ,
            "PYTHONPATH": os.pathsep.join([str(Path(calibrant.__file__).parents[1]), str(EXAMPLES.parent)]),
            "CALIBRANT_DATA": "",
            "HF_DATASETS_CACHE": str(folder / "hugging-face"),
            "HF_HUB_OFFLINE": "1",
            "IPYTHONDIR": str(folder / "ipython"),
            "TMPDIR": str(folder),
            "OMP_NUM_THREADS": "1",
            **environment,
        },
        capture_output=True,
        text=True,
        check=False,
        timeout=600,
    )
    assert done.returncode == 0, done.stderr
    notebook = _read(small_settings)
    return [output for cell in notebook.cells for output in cell.get("outputs", ())]


def _read(path: Path) -> Any:
    return nbformat.read(path, as_version=4)


def _pictures(shown: list[dict[str, Any]]) -> list[str]:
    return [output["data"]["image/png"] for output in shown if "image/png" in output.get("data", {})]


def _words(shown: list[dict[str, Any]]) -> str:
    """Return what a reader reads: printed lines, and results as HTML where they have it."""
    found = []
    for output in shown:
        data = output.get("data", {})
        found.append(data.get("text/html") or data.get("text/plain") or output.get("text", ""))
    return unescape(" ".join(re.sub(r"<[^>]+>", " ", "\n".join(found)).split()))


def _ece(words: str) -> tuple[float, float]:
    """Return the top-label ECE of the table of before and after."""
    (pair,) = re.findall(r"before after if calibrated: .*?ECE, top-label (0\.\d+) (0\.\d+)", words)
    return float(pair[0]), float(pair[1])
