"""What each epoch came to, and the file `metrics.jsonl` that says so.

The file is always written whole from the history, so a stopped run never leaves an epoch twice or half.
"""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from pathlib import Path

from calibrant.atomic import write_text
from calibrant.errors import InvalidRun
from calibrant.foreign import json_value
from calibrant.plain import read_text

NAME = "metrics.jsonl"


@dataclass(frozen=True)
class EpochRow:
    """One epoch, as it stands in `metrics.jsonl`.

    Attributes
    ----------
    epoch : int
        Counted from 1.
    train_loss : float
        Mean loss over the epoch's batches, while the weights moved.
    val_loss : float
        The same loss on the validation rows after the epoch, without mixing or augmentation. Runs with
        different losses compare by `val_nll`.
    val_nll, val_accuracy, val_ece : float
        Log-loss in nats, accuracy and top-label ECE (15 equal-width bins) on the same rows.
    val_temperature : float
        Temperature that minimises the log-loss there.
    seconds : float
        Duration of the epoch, validation included.
    """

    epoch: int
    train_loss: float
    val_loss: float
    val_nll: float
    val_accuracy: float
    val_ece: float
    val_temperature: float
    seconds: float


def write_history(folder: Path, rows: Sequence[EpochRow]) -> None:
    """Write `metrics.jsonl`, one line an epoch."""
    write_text(folder / NAME, "".join(json.dumps(asdict(row)) + "\n" for row in rows))


def read_history(folder: Path) -> tuple[EpochRow, ...]:
    """Read `metrics.jsonl`.

    Raises
    ------
    InvalidRun
        It is missing, or holds something else.
    """
    path = folder / NAME
    try:
        lines = read_text(path).splitlines()
        rows = tuple(EpochRow(**json_value(line, numbers="any")) for line in lines)
        for row in rows:
            _check_numbers(row)
        return rows
    except (OSError, ValueError, TypeError, OverflowError) as error:
        raise InvalidRun(
            f"{path} is not the history of a run ({error}). Delete {folder} to train again."
        ) from error


def _check_numbers(row: EpochRow) -> None:
    for name, value in asdict(row).items():
        wanted = int if name == "epoch" else int | float
        if isinstance(value, bool) or not isinstance(value, wanted):
            raise ValueError(f"{name!r} is not a number but {str(value)[:20]!r}")
        float(value)  # or OverflowError


def best_epoch(rows: Sequence[EpochRow]) -> int:
    """Return the first epoch with the lowest validation loss."""
    return min(rows, key=lambda row: row.val_loss).epoch
