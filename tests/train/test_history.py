"""`metrics.jsonl` has one line an epoch with exactly the promised keys."""

from __future__ import annotations

import json
from dataclasses import asdict, replace
from pathlib import Path

import pytest

from calibrant.errors import InvalidRun
from calibrant.train.history import EpochRow, best_epoch, read_history, write_history

ROW = EpochRow(
    epoch=1,
    train_loss=0.7,
    val_loss=0.6,
    val_nll=0.6,
    val_accuracy=0.75,
    val_ece=0.1,
    val_temperature=1.5,
    seconds=2.0,
)


WORDS = json.dumps({**asdict(ROW), "val_nll": ["low"]})


def test_the_keys_of_a_line(tmp_path: Path) -> None:
    write_history(tmp_path, [ROW])
    (line,) = (tmp_path / "metrics.jsonl").read_text().splitlines()
    assert ",".join(json.loads(line)) == (
        "epoch,train_loss,val_loss,val_nll,val_accuracy,val_ece,val_temperature,seconds"
    )


def test_what_is_written_is_read(tmp_path: Path) -> None:
    rows = (ROW, replace(ROW, epoch=2, train_loss=1 / 3))
    write_history(tmp_path, rows)
    assert read_history(tmp_path) == rows


@pytest.mark.parametrize("content", ["no json", "[1]", '{"epoch": 1}', WORDS])
def test_a_foreign_file_is_refused(content: str, tmp_path: Path) -> None:
    (tmp_path / "metrics.jsonl").write_text(content)
    with pytest.raises(InvalidRun, match=r"metrics.jsonl is not the history of a run"):
        read_history(tmp_path)


def test_the_best_epoch_is_the_first_of_lowest_validation_loss() -> None:
    losses = [0.5, 0.3, 0.4, 0.3]
    rows = [replace(ROW, epoch=epoch, val_loss=loss) for epoch, loss in enumerate(losses, start=1)]
    assert best_epoch(rows) == 2
