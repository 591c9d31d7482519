"""Logs of runs that are trained: opened late, and without a trace in the run."""

from __future__ import annotations

from pathlib import Path

import pytest

from calibrant.errors import InvalidRun
from calibrant.train.history import EpochRow
from calibrant.train.loggers.run_log import RunLog
from calibrant.train.progress import BatchReport, Several
from tests.train.loggers.fake_mlflow import FakeMlflow
from tests.train.loggers.logged import RESULTS, logged_run, scalars
from tests.train.small_runs import EPOCHS, run, same_weights


class StopAfter:
    """Progress that ends the run after an epoch."""

    def __init__(self, epoch: int) -> None:
        self._epoch = epoch

    def on_batch(self, report: BatchReport) -> None:
        pass

    def on_epoch(self, row: EpochRow) -> None:
        if row.epoch == self._epoch:
            raise KeyboardInterrupt


def test_training_that_is_stopped_and_continued(mlflow: FakeMlflow, tmp_path: Path) -> None:
    tools, folder = ["mlflow", "tensorboard"], tmp_path / "logged"
    with pytest.raises(KeyboardInterrupt), RunLog(tools, logged_run(folder)) as log:
        run(folder, progress=Several(log, StopAfter(2)))
    with RunLog(tools, logged_run(folder)) as log:
        result = run(folder, progress=log)
        log.conclude(result.history, RESULTS)
    losses = [(row.epoch, pytest.approx(row.val_loss)) for row in result.history]
    assert [(step, value) for step, name, value in scalars(folder) if name == "val_loss"] == losses
    (logged,) = mlflow.runs.values()
    assert [step for step, _ in logged.history] == [*range(1, EPOCHS + 1), EPOCHS]
    alone = run(tmp_path / "alone")
    assert same_weights(alone.net, result.net)


def test_a_folder_of_another_run_keeps_its_log(tmp_path: Path) -> None:
    with RunLog(["tensorboard"], logged_run(tmp_path)) as log:
        log.conclude(run(tmp_path, progress=log).history, RESULTS)
    before = scalars(tmp_path)
    with pytest.raises(InvalidRun), RunLog(["tensorboard"], logged_run(tmp_path)) as log:
        run(tmp_path, seed=1, progress=log)
    assert scalars(tmp_path) == before


def test_without_tools_nothing_is_left(tmp_path: Path) -> None:
    with RunLog((), logged_run(tmp_path)) as log:
        log.conclude(run(tmp_path, progress=log, epochs=1).history, RESULTS)
    assert not (tmp_path / "logs").exists()
