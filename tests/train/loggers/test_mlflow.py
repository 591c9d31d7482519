"""What MLflow is told of a run, and what happens when its server is away for a while."""

from __future__ import annotations

from dataclasses import asdict
from pathlib import Path

import pytest

from calibrant.errors import LogFailed
from calibrant.train.loggers.run_log import RunLog
from tests.train.loggers.fake_mlflow import FakeMlflow
from tests.train.loggers.logged import PARAMETERS, RESULTS, ROWS, log_all, log_until, logged_run, scalars

HISTORY = [*((row.epoch, asdict(row)) for row in ROWS), (3, RESULTS)]


def test_parameters_epochs_and_results(
    mlflow: FakeMlflow, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    log_all("mlflow", tmp_path)
    (run,) = mlflow.runs.values()
    assert (run.experiment, run.info.run_name, run.status) == ("calibrant", "mine, seed 0", "FINISHED")
    assert run.history == HISTORY
    assert run.params == {name: str(value) for name, value in PARAMETERS.items()}
    printed = capsys.readouterr()
    assert (printed.out, printed.err) == ("", "View run mine, seed 0\n")


def test_runs_one_after_the_other_are_apart(mlflow: FakeMlflow, tmp_path: Path) -> None:
    for seed in (0, 1):
        log_all("mlflow", tmp_path / str(seed))
    assert [run.history for run in mlflow.runs.values()] == [HISTORY, HISTORY]


@pytest.mark.parametrize(("error", "status"), [(KeyboardInterrupt, "KILLED"), (ValueError, "FAILED")])
def test_a_stopped_run_goes_on_under_its_name(
    error: type[BaseException], status: str, mlflow: FakeMlflow, tmp_path: Path
) -> None:
    with pytest.raises(error):
        log_until(error, "mlflow", tmp_path)
    (run,) = mlflow.runs.values()
    assert run.status == status
    log_all("mlflow", tmp_path)
    log_all("mlflow", tmp_path)
    assert list(mlflow.runs.values()) == [run]
    assert run.history == HISTORY
    assert run.status == "FINISHED"


def test_an_epoch_that_did_not_arrive_is_sent_with_the_next(mlflow: FakeMlflow, tmp_path: Path) -> None:
    with RunLog(["mlflow"], logged_run(tmp_path)) as log:
        log.on_epoch(ROWS[0])
        mlflow.unreachable = True
        log.on_epoch(ROWS[1])
        mlflow.unreachable = False
        log.on_epoch(ROWS[2])
        log.conclude(ROWS, RESULTS)
    (run,) = mlflow.runs.values()
    assert run.history == HISTORY


def test_a_server_that_stays_away_is_told_at_the_end_and_the_other_log_is_whole(
    mlflow: FakeMlflow, tmp_path: Path
) -> None:
    with RunLog(["mlflow", "tensorboard"], logged_run(tmp_path)) as log:
        log.on_epoch(ROWS[0])
        mlflow.unreachable = True
        with pytest.raises(LogFailed, match=r"MLflow does not take .* What was trained is kept"):
            log.conclude(ROWS, RESULTS)
    assert {name for _, name, _ in scalars(tmp_path)} >= set(RESULTS)
    mlflow.unreachable, mlflow.active = False, None
    with RunLog(["mlflow"], logged_run(tmp_path)) as log:
        log.conclude(ROWS, RESULTS)
    (run,) = mlflow.runs.values()
    assert run.history == HISTORY
