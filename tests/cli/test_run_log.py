"""`calibrant run` and `calibrant train` with `--log`."""

from __future__ import annotations

import json
import sys
from pathlib import Path

import pytest

from calibrant.recipes import artefacts, runner
from calibrant.recipes.evaluation import write_evaluation
from tests.cli.program import Outcome, run_program
from tests.train.loggers.fake_mlflow import FakeMlflow
from tests.train.loggers.logged import scalars

SMALL = (
    *("--set", "train.epochs=2"),
    *("--set", "data.train_rows=100"),
    *("--set", "train.batch_size=50"),
    *("--set", "train.device=cpu"),
    *("--set", "train.threads=1"),
)


def run(runs: Path, *words: object) -> Outcome:
    return run_program("run", "lenet5-digits", *SMALL, "--runs", runs, "--json", *words)


def results(folder: Path) -> dict[str, float]:
    content = json.loads((folder / "evaluation.json").read_text(encoding="utf-8"))
    found: dict[str, float] = content["results"]
    return found


@pytest.fixture(autouse=True)
def _without_figures(monkeypatch: pytest.MonkeyPatch) -> None:
    """Figures take most of a short run's time."""
    monkeypatch.setattr(artefacts, "write_artefacts", write_evaluation)


def test_every_seed_has_its_logs(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    mlflow = FakeMlflow()
    monkeypatch.setitem(sys.modules, "mlflow", mlflow)
    # Trained already: its logs are made of its history.
    run(tmp_path, "--seed", 0)
    logged = run(tmp_path, "--seed", 0, "--seed", 3, "--log", "tensorboard,mlflow")
    assert logged.json["seeds"] == [0, 3]
    assert len(mlflow.runs) == 2
    for seed, remote in zip((0, 3), mlflow.runs.values(), strict=True):
        folder = tmp_path / "lenet5-digits" / f"seed-{seed}"
        lines = (folder / "metrics.jsonl").read_text(encoding="utf-8").splitlines()
        final = results(folder)
        assert remote.history == [(1, json.loads(lines[0])), (2, json.loads(lines[1])), (2, final)]
        assert remote.info.run_name == f"lenet5-digits, seed {seed}"
        assert (remote.params["seed"], remote.params["train.epochs"]) == (str(seed), "2")
        found = {name: value for step, name, value in scalars(folder) if step == 2}
        assert found == pytest.approx({**json.loads(lines[1]), **final})


def test_train_logs_too(tmp_path: Path) -> None:
    words = ("--net", "lenet5", "--data", "digits", "-o", tmp_path / "mine", *SMALL, "--log", "tensorboard")
    assert run_program("train", *words).code == 0
    steps = [step for step, name, _ in scalars(tmp_path / "mine") if name == "epoch"]
    assert steps == [1, 2]


@pytest.mark.parametrize("command", ["run", "train"])
def test_a_tool_that_is_missing_is_named_before_anything_is_done(
    command: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(sys.modules, "wandb", None)
    words = {
        "run": ("lenet5-digits", "--runs", tmp_path / "out"),
        "train": ("--net", "lenet5", "--data", "digits", "-o", tmp_path / "out"),
    }
    outcome = run_program(command, *words[command], "--log", "wandb")
    assert outcome.code == 2
    assert "needs the package 'wandb', which is not installed" in outcome.err
    assert "pip install wandb" in outcome.err
    assert "Traceback" not in outcome.err
    assert not (tmp_path / "out").exists()


def test_only_the_first_of_several_processes_logs(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    trained: list[dict[str, object]] = []
    monkeypatch.setattr(runner, "train_recipe", lambda recipe, images, **options: trained.append(options))
    for name, value in (("TORCHELASTIC_RUN_ID", "x"), ("RANK", "1"), ("WORLD_SIZE", "2")):
        monkeypatch.setenv(name, value)
    outcome = run_program("run", "lenet5-digits", "--seed", 3, "--runs", tmp_path, "--log", "tensorboard")
    assert outcome.code == 0, outcome.err
    folder = tmp_path / "lenet5-digits" / "seed-3"
    assert trained == [{"seed": 3, "folder": folder, "backbone": None}]
    assert not folder.exists()


def test_an_unknown_tool_is_refused(tmp_path: Path) -> None:
    outcome = run(tmp_path / "out", "--log", "tensorbord")
    assert outcome.code == 2
    assert "tensorboard, wandb, mlflow; got 'tensorbord'" in outcome.err
