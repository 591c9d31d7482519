"""Two processes train as one does; what one of them dies of is said; a stopped run ends the same."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import Any
from unittest.mock import patch

import pytest
import torch
from torch import nn

from calibrant.errors import FitFailed, InvalidArgument, InvalidRun
from calibrant.nets.registry import build
from calibrant.nets.spec import RUN, NetSpec
from calibrant.train.history import EpochRow
from calibrant.train.launch import launch
from calibrant.train.loop import TrainResult
from calibrant.train.processes import as_started, own_share
from calibrant.train.progress import BatchReport, Progress, Silent
from calibrant.train.rank import is_first_process
from calibrant.train.spec import TrainSpec
from calibrant.train.state import finish, start
from calibrant.train.weights import write_weights
from tests.train.small_runs import run, same_weights

# 70 images in batches of 15, which two processes share unevenly, and a last one of 10.
SETTINGS = {
    "epochs": 4,
    "batch_size": 15,
    "threads": 1,
    "mixup": 0.4,
    "rotation": 10.0,
    "random_resized_crop": 0.5,
    "warmup_epochs": 1,
    "optimiser": "sgd",
    "momentum": 0.9,
    "learning_rate": 0.02,
}


class Listener:
    """Progress that remembers, and stops the run at the end of an epoch."""

    def __init__(self, stop_after: int | None = None) -> None:
        self.losses: list[float] = []
        self.stop_after = stop_after

    def on_batch(self, report: BatchReport) -> None:
        self.losses.append(report.loss)

    def on_epoch(self, row: EpochRow) -> None:
        if row.epoch == self.stop_after:
            raise KeyboardInterrupt


@dataclass(frozen=True)
class Finished:
    """A run and what it reported."""

    folder: Path
    result: TrainResult
    losses: list[float]


def network() -> nn.Module:
    """Return LeNet-5 with batch normalisation, and without dropout: each process drops other units."""
    spec = NetSpec(name="lenet5", batch_norm=True)
    return build(spec, classes=2, channels=3, image_size=32, seed=0)


def train(folder: Path, processes: int, listener: Listener) -> Finished:
    result = run(folder, net=network(), progress=listener, processes=processes, **SETTINGS)
    return Finished(folder, result, listener.losses)


@pytest.fixture(scope="module")
def two(tmp_path_factory: pytest.TempPathFactory) -> Finished:
    return train(tmp_path_factory.mktemp("runs") / "two", 2, Listener())


def test_the_losses_are_those_of_one_process(two: Finished, tmp_path: Path) -> None:
    one = train(tmp_path, 1, Listener())
    assert len(one.losses) == 20
    assert two.losses == pytest.approx(one.losses, abs=1e-4)
    for found, expected in zip(two.result.history, one.result.history, strict=True):
        assert found.val_nll == pytest.approx(expected.val_nll, abs=1e-4)


def test_only_the_files_of_a_run_are_left(two: Finished) -> None:
    assert sorted(file.name for file in two.folder.iterdir()) == [
        ".lock",
        "metrics.jsonl",
        "model.safetensors",
    ]


def test_stopped_and_started_again_it_ends_with_the_same_weights(two: Finished, tmp_path: Path) -> None:
    with pytest.raises(KeyboardInterrupt):
        train(tmp_path, 2, Listener(stop_after=2))
    resumed = train(tmp_path, 2, Listener())
    assert same_weights(resumed.result.net, two.result.net)
    assert [row.epoch for row in resumed.result.history] == [1, 2, 3, 4]


def test_another_number_of_processes_is_another_run(two: Finished) -> None:
    with pytest.raises(InvalidRun, match=r"train.processes was 2 and is now 1"):
        train(two.folder, 1, Listener())


def fail(error: Exception, progress: Progress) -> None:
    if own_share().process == 1:
        raise error


def vanish(progress: Progress) -> None:
    if own_share().process == 1:
        os.kill(os.getpid(), signal.SIGKILL)
    signal.pause()


def test_a_process_that_fails_ends_the_run_with_its_message() -> None:
    with pytest.raises(FitFailed, match="the loss of epoch 3 is nan"):
        launch(partial(fail, FitFailed("the loss of epoch 3 is nan")), 2, Silent())


def test_a_process_that_is_killed_is_named_and_the_others_end() -> None:
    with pytest.raises(FitFailed, match=r"process 1 of the training processes .* \(signal SIGKILL\)"):
        launch(vanish, 2, Silent())


def start_from_a_run(folder: Path, progress: Progress) -> None:
    """End a run as `torchrun`'s processes do, the first of them slow to write, and at once start from it."""

    def write_slowly(*arguments: Any) -> None:
        time.sleep(1.0)
        write_weights(*arguments)

    with patch("calibrant.train.state.write_weights", write_slowly):
        state = start(network(), as_started(TrainSpec(device="cpu", threads=1)), {})
        finish(state, folder)
    spec = NetSpec(name="lenet5", batch_norm=True, pretrained=f"{RUN}{folder}")
    net = build(spec, classes=2, channels=3, image_size=32, seed=1)
    assert torch.equal(net.get_parameter("conv1.weight"), state.net.get_parameter("conv1.weight"))
    (folder / f"started-{own_share().process}").touch()


def test_every_process_finds_the_finished_run_that_it_starts_from(tmp_path: Path) -> None:
    launch(partial(start_from_a_run, tmp_path), 2, Silent())
    assert sorted(file.name for file in tmp_path.glob("started-*")) == ["started-0", "started-1"]


def test_torchrun_says_which_process_this_is(monkeypatch: pytest.MonkeyPatch) -> None:
    assert is_first_process()
    assert as_started(TrainSpec()).processes == 1
    for name, value in (("TORCHELASTIC_RUN_ID", "x"), ("RANK", "2"), ("WORLD_SIZE", "3")):
        monkeypatch.setenv(name, value)
    assert not is_first_process()
    assert (own_share().process, own_share().processes) == (2, 3)
    assert as_started(TrainSpec()).processes == 3
    with pytest.raises(InvalidArgument, match=r"3 processes cannot share batches .* Start fewer"):
        as_started(TrainSpec(batch_size=2))
    monkeypatch.setenv("WORLD_SIZE", "1")
    assert as_started(TrainSpec(processes=2)).processes == 1


@pytest.mark.long
def test_the_command_under_torchrun(tmp_path: Path) -> None:
    settings = ("train.epochs=2", "data.train_rows=200", "train.device=cpu", "train.threads=1")
    overrides = [word for setting in settings for word in ("--set", setting)]
    torchrun = ("-m", "torch.distributed.run", "--standalone", "--nproc-per-node", "2")
    command = ("-m", "calibrant", "run", "lenet5-digits", "--seed", "0", *overrides, "--runs", str(tmp_path))
    finished = subprocess.run(
        [sys.executable, *torchrun, *command],
        capture_output=True,
        text=True,
        check=False,
    )
    assert finished.returncode == 0, finished.stderr
    assert finished.stdout.count("Test images, before and after:") == 1
    folder = tmp_path / "lenet5-digits" / "seed-0"
    assert len((folder / "metrics.jsonl").read_text(encoding="utf-8").splitlines()) == 2
    assert (folder / "report.html").exists()
