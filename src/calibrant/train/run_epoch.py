"""One epoch of a run: its batches, the pass over them, and the validation that follows.

It changes weights in memory; saving them is left to `state`.
"""

from __future__ import annotations

import math
import time

from calibrant.datasets.augment import Augmentation
from calibrant.datasets.batches import Batching, epoch_seed, shuffled_batches
from calibrant.datasets.images import ImageData
from calibrant.datasets.normalisation import Normalisation
from calibrant.datasets.share import Share
from calibrant.errors import FitFailed
from calibrant.nets.heads import Head
from calibrant.train.epoch import reproducible, train_epoch
from calibrant.train.history import EpochRow
from calibrant.train.losses import Loss, loss_of
from calibrant.train.optimiser import learning_rates
from calibrant.train.predict import predict_logits
from calibrant.train.processes import own_share
from calibrant.train.progress import BatchReport, Progress
from calibrant.train.spec import TrainSpec
from calibrant.train.state import RunState, memory_format
from calibrant.train.validation import score


def run_epoch(
    state: RunState, head: Head, data: ImageData, spec: TrainSpec, seed: int, progress: Progress
) -> EpochRow:
    """Run the epoch that comes next, in this process and its like, and return what it came to.

    Parameters
    ----------
    state : RunState
        Its weights and optimiser are changed; the history is not.
    head, data, spec, seed
        As in `calibrant.train.loop.fit`.
    progress : Progress
        Told of the batches.

    Raises
    ------
    FitFailed
        The loss is no longer finite.
    """
    epoch, started, share = len(state.history) + 1, time.perf_counter(), own_share()
    train, loss = data.train.to(state.fabric.device), loss_of(spec, head)
    batching = _batching(spec, data.normalisation)
    batches = shuffled_batches(train, batching, seed=seed, epoch=epoch, share=share)
    count = batching.count(train, share)

    with reproducible(epoch_seed(seed, epoch, _purpose(share)), state.fabric.device):
        train_loss = train_epoch(
            state.fabric,
            state.module,
            state.optimiser,
            head,
            loss,
            batches,
            learning_rates(spec, epoch, count),
            start=BatchReport(epoch, spec.epochs, 0, count, math.nan, math.nan),
            progress=progress,
        )
    if not math.isfinite(train_loss):
        raise FitFailed(f"the training loss of epoch {epoch} is {train_loss}. Lower train.learning_rate.")
    # One process judges and the others wait for its word, so that they cannot disagree on when to stop.
    row = None
    if share.process == 0:
        row = _validate(state, data, loss, epoch=epoch, train_loss=train_loss, started=started)
    heard: EpochRow | None = state.fabric.broadcast(row)
    assert heard is not None
    return heard


def _validate(
    state: RunState, data: ImageData, loss: Loss, *, epoch: int, train_loss: float, started: float
) -> EpochRow:
    logits = predict_logits(state.net, data.validation, data.normalisation)
    scores = score(logits, data.validation, loss)
    return EpochRow(
        epoch=epoch,
        train_loss=train_loss,
        val_loss=scores.loss,
        val_nll=scores.nll,
        val_accuracy=scores.accuracy,
        val_ece=scores.ece,
        val_temperature=scores.temperature,
        seconds=time.perf_counter() - started,
    )


def _purpose(share: Share) -> str:
    """Name what the network's random numbers are for: each process drops other units of its images."""
    return f"network {share.process}" if share.process else "network"


def _batching(spec: TrainSpec, normalisation: Normalisation) -> Batching:
    augmentation = Augmentation(spec.crop_padding, spec.flip, spec.rotation, spec.random_resized_crop)
    return Batching(spec.batch_size, normalisation, augmentation, spec.mixup, memory_format(spec))
