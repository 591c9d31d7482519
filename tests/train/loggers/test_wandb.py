"""What Weights & Biases is told of a run."""

from __future__ import annotations

from dataclasses import asdict
from pathlib import Path

import pytest

from calibrant.errors import LogFailed
from calibrant.train.loggers.run_log import RunLog
from tests.train.loggers.fake_wandb import FakeWandb
from tests.train.loggers.logged import PARAMETERS, RESULTS, ROWS, log_all, log_until, logged_run

HISTORY = [(row.epoch, asdict(row)) for row in ROWS]


def test_every_epoch_is_a_step_and_the_results_are_the_summary(wandb: FakeWandb, tmp_path: Path) -> None:
    log_all("wandb", tmp_path)
    (run,) = wandb.runs.values()
    assert (run.project, run.name, run.exit_code) == ("calibrant", "mine, seed 0", 0)
    assert run.history == HISTORY
    assert run.summary == {**asdict(ROWS[-1]), **RESULTS}
    assert (run.config.values, run.config.updates) == (PARAMETERS, 1)


def test_a_stopped_run_goes_on_under_its_name(wandb: FakeWandb, tmp_path: Path) -> None:
    with pytest.raises(KeyboardInterrupt):
        log_until(KeyboardInterrupt, "wandb", tmp_path)
    (run,) = wandb.runs.values()
    assert run.exit_code == 1
    log_all("wandb", tmp_path)
    assert list(wandb.runs.values()) == [run]
    assert run.history == HISTORY
    assert run.exit_code == 0
    assert run.config.updates == 1


def test_results_that_were_not_sent_before_the_end_follow(wandb: FakeWandb, tmp_path: Path) -> None:
    with RunLog(["wandb"], logged_run(tmp_path)) as log:
        for row in ROWS:
            log.on_epoch(row)
    with RunLog(["wandb"], logged_run(tmp_path)) as log:
        log.conclude(ROWS, RESULTS)
    (run,) = wandb.runs.values()
    assert run.history == HISTORY
    assert run.summary == {**asdict(ROWS[-1]), **RESULTS}


def test_the_project_is_that_of_the_environment(
    wandb: FakeWandb, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("WANDB_PROJECT", "birds")
    log_all("wandb", tmp_path)
    assert [run.project for run in wandb.runs.values()] == ["birds"]


def test_a_log_that_does_not_open_stops_the_run_at_once(wandb: FakeWandb, tmp_path: Path) -> None:
    wandb.unreachable = True
    expected = r"Weights & Biases .* \(ConnectionError: no route to host\).*--log wandb"
    with pytest.raises(LogFailed, match=expected):
        log_until(ValueError, "wandb", tmp_path)
