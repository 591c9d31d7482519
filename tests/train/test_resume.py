"""A stopped run ends as if it had never been stopped, and a folder is continued only by its own run."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
from pathlib import Path
from unittest.mock import Mock

import pytest
import torch

from calibrant.errors import InvalidRun, UnreadableFile
from calibrant.train import state
from calibrant.train.history import EpochRow
from calibrant.train.progress import BatchReport
from tests.denied import deny
from tests.train.small_runs import EPOCHS, network, run, same_weights


class Stopped(Exception):
    """The run is cut off here."""


class StopAt:
    """Progress that cuts the run off in the middle of an epoch."""

    def __init__(self, epoch: int, batch: int) -> None:
        self.epoch, self.batch = epoch, batch

    def on_batch(self, report: BatchReport) -> None:
        if (report.epoch, report.batch) == (self.epoch, self.batch):
            self.stop()

    def on_epoch(self, row: EpochRow) -> None:
        pass

    def stop(self) -> None:
        raise Stopped


class KillAt(StopAt):
    """Progress that kills its own process, as a machine that loses power would."""

    def stop(self) -> None:
        os.kill(os.getpid(), signal.SIGKILL)


def epochs_in(folder: Path) -> list[int]:
    return [json.loads(line)["epoch"] for line in (folder / "metrics.jsonl").read_text().splitlines()]


def without_seconds(rows: tuple[EpochRow, ...]) -> list[tuple[float, ...]]:
    return [(row.epoch, row.train_loss, row.val_nll, row.val_ece, row.val_temperature) for row in rows]


def test_killed_in_mid_epoch_it_ends_with_the_same_weights(tmp_path: Path) -> None:
    code = "import sys, torch; from pathlib import Path; from tests.train.test_resume import KillAt, run; "
    code += "torch.set_num_threads(1); run(Path(sys.argv[1]), progress=KillAt(epoch=2, batch=3))"
    root = Path(__file__).parents[2]
    killed = subprocess.run([sys.executable, "-c", code, str(tmp_path / "killed")], cwd=root, check=False)
    assert killed.returncode == -signal.SIGKILL
    assert epochs_in(tmp_path / "killed") == [1]

    resumed, whole = run(tmp_path / "killed"), run(tmp_path / "whole")
    assert same_weights(resumed.net, whole.net)
    assert without_seconds(resumed.history) == without_seconds(whole.history)
    assert epochs_in(tmp_path / "killed") == [1, 2, 3]
    assert (tmp_path / "killed" / "model.safetensors").read_bytes() == (
        tmp_path / "whole" / "model.safetensors"
    ).read_bytes()


@pytest.mark.parametrize(
    "options",
    [
        {"optimiser": "adam"},
        {"optimiser": "sgd", "momentum": 0.9, "learning_rate": 0.1, "schedule": "step", "step_epochs": 1},
        {"early_stopping_patience": 2, "learning_rate": 0.01, "epochs": 6},
    ],
    ids=["adam", "sgd", "early stopping"],
)
def test_stopped_in_every_epoch_it_ends_with_the_same_weights(
    options: dict[str, object], tmp_path: Path
) -> None:
    for epoch in range(1, EPOCHS + 1):
        with pytest.raises(Stopped):
            run(tmp_path / "stopped", progress=StopAt(epoch, batch=4), **options)
    resumed, whole = run(tmp_path / "stopped", **options), run(tmp_path / "whole", **options)
    assert same_weights(resumed.net, whole.net)
    assert without_seconds(resumed.history) == without_seconds(whole.history)


@pytest.mark.parametrize("epoch", [1, 2, 3])
def test_stopped_in_any_epoch_with_everything_that_is_random(epoch: int, tmp_path: Path) -> None:
    options = {
        "loss": "adaptive-focal",
        "mixup": 0.4,
        "rotation": 15.0,
        "random_resized_crop": 0.5,
        "warmup_epochs": 2,
        "schedule": "cosine",
        "early_stopping_patience": 3,
    }
    with pytest.raises(Stopped):
        run(tmp_path / "stopped", progress=StopAt(epoch=epoch, batch=4), **options)
    resumed, whole = run(tmp_path / "stopped", **options), run(tmp_path / "whole", **options)
    assert same_weights(resumed.net, whole.net)
    assert without_seconds(resumed.history) == without_seconds(whole.history)


@pytest.mark.parametrize("step", ["write_checkpoint", "write_history", "write_weights"])
def test_stopped_before_any_file_is_written_no_epoch_is_lost_or_doubled(
    step: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def stop(*_arguments: object) -> None:
        raise Stopped

    with monkeypatch.context() as patch:
        patch.setattr(state, step, stop)
        with pytest.raises(Stopped):
            run(tmp_path / "stopped")
    resumed = run(tmp_path / "stopped")
    assert epochs_in(tmp_path / "stopped") == [1, 2, 3]
    assert same_weights(resumed.net, run(tmp_path / "whole").net)


def test_stopped_before_the_checkpoint_is_removed(tmp_path: Path) -> None:
    whole = run(tmp_path)
    (tmp_path / "checkpoint.pt").write_bytes(b"left behind")
    assert same_weights(run(tmp_path).net, whole.net)
    assert not (tmp_path / "checkpoint.pt").exists()


def test_earlier_epochs_are_reported_again(tmp_path: Path) -> None:
    with pytest.raises(Stopped):
        run(tmp_path, progress=StopAt(epoch=3, batch=1))
    rows: list[EpochRow] = []

    class Listener(StopAt):
        def on_epoch(self, row: EpochRow) -> None:
            rows.append(row)

    run(tmp_path, progress=Listener(epoch=0, batch=0))
    assert [row.epoch for row in rows] == [1, 2, 3]


@pytest.mark.parametrize("finished", [True, False])
@pytest.mark.parametrize(
    ("other", "difference"),
    [
        ({"epochs": 4}, "train.epochs was 3 and is now 4"),
        ({"learning_rate": 0.5}, "train.learning_rate was 0.001 and is now 0.5"),
        ({"seed": 1}, "seed was 0 and is now 1"),
        ({"split": 1}, 'split was "split 0" and is now "split 1"'),
        ({"net": network(head="sigmoid")}, "network differs"),
        ({"net": network(7)}, "initial state differs"),
    ],
    ids=["epochs", "learning rate", "seed", "split", "network", "weights"],
)
def test_another_run_s_folder_is_refused(
    other: dict[str, object], difference: str, finished: bool, tmp_path: Path
) -> None:
    if finished:
        run(tmp_path)
    else:
        with pytest.raises(Stopped):
            run(tmp_path, progress=StopAt(epoch=2, batch=1))
    with pytest.raises(InvalidRun, match=f"belongs to another run: .*{difference}.*Choose another folder"):
        run(tmp_path, **other)


@pytest.mark.parametrize("damage", ["truncated", "emptied", "foreign", "wrong"])
def test_a_damaged_checkpoint_says_what_to_do(damage: str, tmp_path: Path) -> None:
    with pytest.raises(Stopped):
        run(tmp_path, progress=StopAt(epoch=2, batch=1))
    checkpoint = tmp_path / "checkpoint.pt"
    whole = checkpoint.read_bytes()
    if damage == "wrong":
        torch.save({"net": {}}, checkpoint)
    else:
        content = {"truncated": whole[: len(whole) // 2], "emptied": b"", "foreign": b"a" * 500}[damage]
        checkpoint.write_bytes(content)
    with pytest.raises(
        InvalidRun, match=r"checkpoint.pt is damaged or foreign .*Delete it to train from the start"
    ):
        run(tmp_path)


def test_a_checkpoint_that_cannot_be_read_is_not_called_damaged(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    with pytest.raises(Stopped):
        run(tmp_path, progress=StopAt(epoch=2, batch=1))
    path = tmp_path / "checkpoint.pt"
    with monkeypatch.context() as patch:
        deny(path, patch)
        with pytest.raises(UnreadableFile, match=r"checkpoint\.pt: permission is denied\. Ask"):
            run(tmp_path)
    for error in (MemoryError(), torch.OutOfMemoryError("CUDA out of memory")):
        with monkeypatch.context() as patch:
            patch.setattr(torch, "load", Mock(side_effect=error))
            with pytest.raises(UnreadableFile, match="too little memory on the device cpu"):
                run(tmp_path)
    path.unlink()
    os.mkfifo(path)
    with pytest.raises(UnreadableFile, match=r"checkpoint\.pt: it is a pipe"):
        run(tmp_path)


def test_a_checkpoint_that_would_run_code_is_refused(tmp_path: Path) -> None:
    class Trap:
        def __reduce__(self) -> tuple[object, tuple[str]]:
            return os.mkdir, (str(tmp_path / "sprung"),)

    torch.save({"identity": Trap()}, tmp_path / "checkpoint.pt")
    with pytest.raises(InvalidRun, match="damaged or foreign"):
        run(tmp_path)
    assert not (tmp_path / "sprung").exists()


@pytest.mark.parametrize("content", [b"", b"foreign", None])
def test_damaged_weights_say_what_to_do(content: bytes | None, tmp_path: Path) -> None:
    run(tmp_path)
    weights = tmp_path / "model.safetensors"
    weights.write_bytes(weights.read_bytes()[:-100] if content is None else content)
    with pytest.raises(InvalidRun, match=r"model.safetensors is damaged.*Delete it to train again"):
        run(tmp_path)


def test_a_finished_run_without_its_history(tmp_path: Path) -> None:
    run(tmp_path)
    (tmp_path / "metrics.jsonl").unlink()
    with pytest.raises(InvalidRun, match=r"metrics.jsonl is not the history of a run"):
        run(tmp_path)
