"""The training loop: epochs, a checkpoint after each, and a start that continues where the last one ended.

It trains and validates; batches, losses, measures and files have their own modules.
"""

from __future__ import annotations

import math
import time
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import torch
from torch import nn

from calibrant.atomic import make_folder
from calibrant.datasets.batches import Batching, epoch_seed, shuffled_batches
from calibrant.datasets.images import ImageData
from calibrant.errors import FitFailed
from calibrant.nets.heads import Head
from calibrant.train.checkpoint import remove_checkpoint
from calibrant.train.epoch import cpu_threads, reproducible, train_epoch
from calibrant.train.history import EpochRow, best_epoch, read_history
from calibrant.train.identity import identity_of
from calibrant.train.optimiser import learning_rate, set_learning_rate
from calibrant.train.predict import predict_logits
from calibrant.train.progress import BatchReport, Progress, Silent
from calibrant.train.spec import TrainSpec
from calibrant.train.state import RunState, finish, record, resume, start
from calibrant.train.validation import score
from calibrant.train.weights import is_finished, load_weights


@dataclass(frozen=True, eq=False)
class TrainResult:
    """A trained network and how it came about.

    Attributes
    ----------
    net : nn.Module
        The network that was passed in, now trained.
    history : tuple of EpochRow
        Every epoch, those of earlier starts included.
    epoch : int
        The epoch whose weights `net` has.
    validation_used_for_early_stopping : bool
        Whether the validation rows chose that epoch, so that they flatter the network.
    """

    net: nn.Module
    history: tuple[EpochRow, ...]
    epoch: int
    validation_used_for_early_stopping: bool


def fit(
    net: nn.Module,
    head: Head,
    data: ImageData,
    spec: TrainSpec,
    *,
    folder: str | Path,
    seed: int,
    progress: Progress | None = None,
) -> TrainResult:
    """Train a network, or continue or fetch the run that is in `folder`.

    However often a run is stopped, even in the middle of an epoch, it ends with the same weights bit for
    bit on the same machine with as many threads. A finished run is not trained again.

    Parameters
    ----------
    net : nn.Module
        With its initial weights; trained in place.
    head : Head
        The loss, and what the logits mean.
    data : ImageData
        Training and validation rows, and their normalisation.
    spec : TrainSpec
        How to train.
    folder : path
        Receives ``metrics.jsonl``, a line an epoch, and ``model.safetensors`` at the end; in between it
        holds ``checkpoint.pt``. Made where it is missing.
    seed : int
        With the epoch's number it decides the order of the images, their augmentation and dropout.
    progress : Progress, optional
        Told how the run is getting on.

    Raises
    ------
    InvalidRun
        `folder` holds another run, or a damaged one.
    FitFailed
        The loss is no longer finite.
    InvalidArgument
        The device is not there.
    """
    folder, progress = make_folder(folder), progress or Silent()
    identity = identity_of(net, head, data, spec, seed)
    if is_finished(folder):
        load_weights(net, folder, identity)
        # As while training: the order of additions in a convolution depends on the layout.
        net.to(memory_format=torch.channels_last)
        history = read_history(folder)
    else:
        state = start(net, spec, identity)
        resume(state, folder)
        for row in state.history:
            progress.on_epoch(row)
        with cpu_threads(spec.threads):
            while not _is_over(state.history, spec):
                row = _run_epoch(state, head, data, spec, seed, progress)
                record(state, row, folder, keep_best=spec.early_stopping_patience is not None)
                progress.on_epoch(row)
        finish(state, folder)
        history = state.history
    remove_checkpoint(folder)
    early = spec.early_stopping_patience is not None
    return TrainResult(net, history, best_epoch(history) if early else len(history), early)


def _run_epoch(
    state: RunState, head: Head, data: ImageData, spec: TrainSpec, seed: int, progress: Progress
) -> EpochRow:
    epoch, started, device = len(state.history) + 1, time.perf_counter(), state.fabric.device
    train, validation = data.train.to(device), data.validation.to(device)
    batching = Batching(spec.batch_size, data.normalisation, spec.crop_padding, spec.flip)
    batches = shuffled_batches(train, batching, seed=seed, epoch=epoch)
    standing = BatchReport(epoch, spec.epochs, 0, batching.count(train), math.nan, math.nan)

    set_learning_rate(state.optimiser, learning_rate(spec, epoch))
    with reproducible(epoch_seed(seed, epoch, "network"), device):
        loss = train_epoch(
            state.fabric, state.module, state.optimiser, head, batches, start=standing, progress=progress
        )
    if not math.isfinite(loss):
        raise FitFailed(f"the training loss of epoch {epoch} is {loss}. Lower train.learning_rate.")
    scores = score(predict_logits(state.net, validation, data.normalisation), validation, head)
    return EpochRow(
        epoch=epoch,
        train_loss=loss,
        val_loss=scores.loss,
        val_nll=scores.nll,
        val_accuracy=scores.accuracy,
        val_ece=scores.ece,
        val_temperature=scores.temperature,
        seconds=time.perf_counter() - started,
    )


def _is_over(history: Sequence[EpochRow], spec: TrainSpec) -> bool:
    if len(history) >= spec.epochs:
        return True
    patience = spec.early_stopping_patience
    return patience is not None and bool(history) and len(history) - best_epoch(history) >= patience
