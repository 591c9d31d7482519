"""What a process of a study does: make the runs it is handed, one after the other, until the study ends.

It trains through the runner of recipes; who hands out runs and hears of them is the business of `pool`.
"""

from __future__ import annotations

import os
import signal
import threading
import traceback
from multiprocessing import parent_process
from multiprocessing.connection import Connection

import torch

from calibrant.atomic import make_folder, write_text
from calibrant.datasets.images import ImageData
from calibrant.datasets.spec import DataSpec
from calibrant.errors import CalibrantError
from calibrant.held import held
from calibrant.recipes.runner import load_data, run_recipe
from calibrant.studies.endings.registry import ENDINGS
from calibrant.studies.jobs import Advanced, Ended, Job, Waits
from calibrant.studies.record import write_record
from calibrant.train.history import EpochRow
from calibrant.train.progress import BatchReport

TRACE = "error.txt"


def work(connection: Connection) -> None:
    """Make the runs that come through `connection` and report on them, until None comes."""
    # A key pressed to stop the study reaches all its processes; the first stops the others.
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    threading.Thread(target=_end_with_the_study, daemon=True).start()
    images = _LastImages()
    while (job := connection.recv()) is not None:
        connection.send(Ended(_failure_of(job, images, connection)))


class _LastImages:
    """The images of the last run, because the next one's are mostly the same."""

    def __init__(self) -> None:
        self._spec: DataSpec | None = None
        self._images: ImageData | None = None

    def of(self, job: Job) -> ImageData:
        recipe = job.run.recipe
        if self._images is None or self._spec != recipe.data:
            self._images, self._spec = load_data(recipe, job.data), recipe.data
        return self._images


class _Reports:
    """Training progress, as shares of the whole run."""

    def __init__(self, connection: Connection, epochs: int) -> None:
        self._connection, self._epochs = connection, epochs

    def on_batch(self, report: BatchReport) -> None:
        done = report.epoch - 1 + report.batch / report.batches
        self._connection.send(Advanced(done / self._epochs))

    def on_epoch(self, row: EpochRow) -> None:
        self._connection.send(Advanced(row.epoch / self._epochs))


def _failure_of(job: Job, images: _LastImages, connection: Connection) -> str | None:
    try:
        folder = make_folder(job.folder)
        (folder / TRACE).unlink(missing_ok=True)
        # Another study may be training the same network: it is then waited for, and found trained.
        with held(folder, waiting=True, told=lambda words: connection.send(Waits(words))):
            _make(job, images.of(job), connection)
    except CalibrantError as error:
        return str(error)
    except Exception as error:
        write_text(job.folder / TRACE, traceback.format_exc())
        return f"{type(error).__name__}: {error} (see {job.folder / TRACE})"
    return None


def _make(job: Job, images: ImageData, connection: Connection) -> None:
    recipe, run = job.run.recipe, job.run
    if recipe.train.threads is not None:
        torch.set_num_threads(recipe.train.threads)
    progress = _Reports(connection, recipe.train.epochs)
    made = run_recipe(recipe, images, name=run.label, seed=run.seed, folder=job.folder, progress=progress)
    write_record(job.record, run, ENDINGS[job.ending].measure(made))


def _end_with_the_study() -> None:
    study = parent_process()
    if study is not None:
        study.join()
        os._exit(1)
