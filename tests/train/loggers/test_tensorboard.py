"""The event file of a run, read back as TensorBoard reads it."""

from __future__ import annotations

import time
from dataclasses import asdict
from pathlib import Path

import pytest
from tensorboardX.proto.plugin_hparams_pb2 import HParamsPluginData

from calibrant.train.loggers.run_log import RunLog
from tests.train.loggers.logged import (
    PARAMETERS,
    RESULTS,
    ROWS,
    log_all,
    log_until,
    logged_run,
    scalars,
    summaries,
)

EXPECTED = [
    *((row.epoch, name, pytest.approx(value)) for row in ROWS for name, value in asdict(row).items()),
    *((3, name, pytest.approx(value)) for name, value in RESULTS.items()),
]


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """Return the folder of a run that was logged."""
    log_all("tensorboard", tmp_path)
    return tmp_path


def test_every_epoch_and_the_results(folder: Path) -> None:
    assert scalars(folder) == EXPECTED


def test_the_hyperparameters_come_once(folder: Path) -> None:
    starts = [value for _, value in summaries(folder) if value.tag == "_hparams_/session_start_info"]
    assert len(starts) == 1
    content = HParamsPluginData.FromString(starts[0].metadata.plugin_data.content)
    found = {
        name: getattr(value, value.WhichOneof("kind"))
        for name, value in content.session_start_info.hparams.items()
    }
    assert found == PARAMETERS


def test_an_epoch_is_readable_while_the_run_goes_on(tmp_path: Path) -> None:
    with RunLog(["tensorboard"], logged_run(tmp_path)) as log:
        log.on_epoch(ROWS[0])
        for _ in range(600):
            if (1, "seconds", 8.0) in scalars(tmp_path):
                return
            time.sleep(0.05)
    raise AssertionError("nothing was written before the end")


def test_a_run_that_is_continued_has_each_epoch_once(tmp_path: Path) -> None:
    with pytest.raises(KeyboardInterrupt):
        log_until(KeyboardInterrupt, "tensorboard", tmp_path)
    log_all("tensorboard", tmp_path)
    assert scalars(tmp_path) == EXPECTED


def test_a_finished_run_is_logged_from_its_history(folder: Path) -> None:
    with RunLog(["tensorboard"], logged_run(folder)) as log:
        log.conclude(ROWS, RESULTS)
    assert scalars(folder) == EXPECTED
