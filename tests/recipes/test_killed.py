"""A run that is killed at any moment, however often, ends with the bits of one that never was."""

from __future__ import annotations

import json
import os
import random
import subprocess
import sys
import tempfile
from functools import cache
from pathlib import Path
from shutil import rmtree
from typing import Any

import pytest
import torch
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, rule

from calibrant.calibrators import load
from calibrant.io import read
from calibrant.recipes import artefacts
from calibrant.recipes.library import load_recipe
from calibrant.recipes.runner import run_recipe
from calibrant.train.checkpoint import read_checkpoint
from calibrant.train.history import read_history
from calibrant.train.weights import read_stored
from tests.cli.program import run_program
from tests.killing import Life, killed_after
from tests.train.small_runs import data

EPOCHS = 2
FILES = {
    "recipe.toml", "metrics.jsonl", "model.safetensors", "val.npz", "test.npz", "temperature.json",
    "evaluation.json", "details.json", "report.json", "report.html",
}  # fmt: skip
SETTINGS = (f"train.epochs={EPOCHS}", "train.batch_size=35", "train.device=cpu", "train.threads=1")


def make(folder: Path) -> None:
    """Make a small run with all its files but the figures, which take most of the time."""
    recipe = load_recipe("lenet5-bird-cat", SETTINGS)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(artefacts, "run_figures", lambda run, bins: {})
        artefacts.write_artefacts(run_recipe(recipe, data(), name="small", seed=0, folder=folder))


def content_of(folder: Path) -> dict[str, Any]:
    """Return what is in the files of a finished run, times apart."""
    names = ("recipe.toml", "model.safetensors", "val.npz", "test.npz", "temperature.json", "details.json")
    found: dict[str, Any] = {name: (folder / name).read_bytes() for name in names}
    found["history"] = [
        {**json.loads(line), "seconds": None} for line in (folder / "metrics.jsonl").read_text().splitlines()
    ]
    evaluation = json.loads((folder / "evaluation.json").read_text())
    evaluation["results"].pop("epoch_seconds")
    return {**found, "evaluation": evaluation}


@cache
def undisturbed() -> dict[str, Any]:
    """Return what a run comes to that is left alone."""
    folder = Path(tempfile.mkdtemp())
    make(folder)
    found = content_of(folder)
    rmtree(folder)
    return found


def check_whole(folder: Path) -> None:
    """Check that every file under its final name can be read, and that no epoch is missing or there twice."""
    readers = {
        ".json": lambda path: json.loads(path.read_text()),
        ".npz": read,
        ".toml": lambda path: load_recipe(str(path)),
        ".html": lambda path: path.read_text().rstrip().endswith("</html>") or pytest.fail(str(path)),
        ".safetensors": lambda path: read_stored(path.parent),
        ".jsonl": lambda path: read_history(path.parent),
        ".pt": lambda path: read_checkpoint(path.parent, torch.device("cpu")),
    }
    for path in folder.iterdir():
        if not path.name.startswith("."):
            readers[path.suffix](path)
    if (folder / "temperature.json").exists():
        load(folder / "temperature.json")
    epochs = [row.epoch for row in read_history(folder)] if (folder / "metrics.jsonl").exists() else []
    stored = read_checkpoint(folder, torch.device("cpu"))
    assert epochs == [*range(1, len(epochs) + 1)]
    if stored is not None:
        assert [row.epoch for row in stored.history] == [*range(1, len(stored.history) + 1)]
        assert len(epochs) in (len(stored.history), len(stored.history) - 1)


class RunThatIsKilled(RuleBasedStateMachine):
    """Starts of one run, each killed at some operation on the disk."""

    def __init__(self) -> None:
        super().__init__()
        self.folder = Path(tempfile.mkdtemp())
        undisturbed()

    @rule(operations=st.integers(0, 150), kept=st.floats(0, 1))
    def start(self, operations: int, kept: float) -> None:
        """Start the run and kill it."""
        with killed_after(Life(operations, kept), self.folder):
            make(self.folder)

    @rule()
    def report(self) -> None:
        """Ask for the report, which is there, or what is missing is said."""
        with tempfile.TemporaryDirectory() as place:
            done = run_program("report", self.folder, "-o", Path(place) / "page.html")
        needed = (
            "recipe.toml",
            "metrics.jsonl",
            "val.npz",
            "test.npz",
            "temperature.json",
            "evaluation.json",
        )
        missing = [name for name in needed if not (self.folder / name).exists()]
        assert done.code == (2 if missing else 0), done.err
        if missing and len(missing) < len(needed):
            assert "holds no finished run: there is no" in done.err

    @invariant()
    def everything_is_whole(self) -> None:
        """Files under their final names are never cut off."""
        check_whole(self.folder)

    def teardown(self) -> None:
        """Let the run end: it is what it would have been, and nothing is left over."""
        make(self.folder)
        assert content_of(self.folder) == undisturbed()
        assert {path.name for path in self.folder.iterdir()} == {".lock", *FILES}
        rmtree(self.folder)


TestRunThatIsKilled = RunThatIsKilled.TestCase
TestRunThatIsKilled.settings = settings(
    max_examples=5, stateful_step_count=6, deadline=None, suppress_health_check=list(HealthCheck)
)


def test_there_are_that_many_moments_to_be_killed_at(tmp_path: Path) -> None:
    life = Life(10_000)
    with killed_after(life, tmp_path):
        make(tmp_path)
    assert not life.ended
    assert 80 <= life.done <= 150


KILLER = """
import os, signal, sys, time
from pathlib import Path
import torch
from tests.recipes.test_killed import make

torch.set_num_threads(1)
for seconds in map(float, sys.argv[2:]):
    child = os.fork()
    if child == 0:
        make(Path(sys.argv[1]))
        os._exit(0)
    time.sleep(seconds)
    os.kill(child, signal.SIGKILL)
    os.waitpid(child, 0)
"""


def test_killed_by_the_system_at_random_moments(tmp_path: Path) -> None:
    generator = random.Random(0)
    moments = [str(generator.uniform(0.0, 1.2)) for _ in range(6)]
    words = [sys.executable, "-c", KILLER, str(tmp_path), *moments]
    root = Path(__file__).parents[2]
    path = os.pathsep.join([str(root), os.environ.get("PYTHONPATH", "")])
    subprocess.run(words, cwd=root, env={**os.environ, "PYTHONPATH": path}, check=True)
    check_whole(tmp_path)
    make(tmp_path)
    assert content_of(tmp_path) == undisturbed()
    assert {path.name for path in tmp_path.iterdir()} == {".lock", *FILES}
