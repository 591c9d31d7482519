"""A run whose epochs are made up, and event files read back."""

from __future__ import annotations

import struct
from collections.abc import Iterator
from pathlib import Path

from tensorboardX.proto.event_pb2 import Event
from tensorboardX.proto.summary_pb2 import Summary

from calibrant.train.history import EpochRow
from calibrant.train.loggers.logged_run import LoggedRun
from calibrant.train.loggers.run_log import RunLog

PARAMETERS = {"recipe": "mine", "train.epochs": 3, "train.flip": True, "train.learning_rate": 0.01}
RESULTS = {"accuracy": 0.75, "temperature": 1.5}
ROWS = tuple(EpochRow(n, 1 / n, 2 / n, 3 / n, 0.5, 0.25, 1.25, 8.0) for n in (1, 2, 3))


def logged_run(folder: Path) -> LoggedRun:
    """Return the run in `folder`."""
    return LoggedRun(folder, "mine, seed 0", PARAMETERS)


def log_all(tool: str, folder: Path) -> None:
    """Log every epoch and the results."""
    with RunLog([tool], logged_run(folder)) as log:
        for row in ROWS:
            log.on_epoch(row)
        log.conclude(ROWS, RESULTS)


def log_until(error: type[BaseException], tool: str, folder: Path) -> None:
    """Log one epoch, and let an error end the run."""
    with RunLog([tool], logged_run(folder)) as log:
        log.on_epoch(ROWS[0])
        raise error


def summaries(folder: Path) -> Iterator[tuple[int, Summary.Value]]:
    """Yield step and value of all that TensorBoard finds for the run in `folder`."""
    for path in sorted((folder / "logs" / "tensorboard").iterdir()):
        content, place = path.read_bytes(), 0
        while place < len(content):
            # A record is its length, a checksum of it, so many bytes, and a checksum of these.
            (length,) = struct.unpack_from("<Q", content, place)
            event = Event.FromString(content[place + 12 : place + 12 + length])
            yield from ((event.step, value) for value in event.summary.value)
            place += length + 16


def scalars(folder: Path) -> list[tuple[int, str, float]]:
    """Return step, name and value of every number in the event files of the run in `folder`."""
    return [
        (step, value.tag, value.simple_value)
        for step, value in summaries(folder)
        if value.HasField("simple_value")
    ]
