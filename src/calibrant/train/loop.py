"""A training run: epochs, a checkpoint after each, and a start that continues where the last one ended.

Epochs, processes, files and measures have their own modules.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from contextlib import nullcontext
from dataclasses import dataclass
from functools import partial
from pathlib import Path

from torch import nn

from calibrant.atomic import make_folder, remove_leftovers
from calibrant.datasets.images import ImageData
from calibrant.held import held
from calibrant.nets.heads import Head
from calibrant.train.checkpoint import remove_checkpoint
from calibrant.train.epoch import cpu_threads
from calibrant.train.history import EpochRow, best_epoch, read_history
from calibrant.train.identity import Identity, identity_of
from calibrant.train.launch import launch
from calibrant.train.processes import as_started, own_share
from calibrant.train.progress import Progress, Silent
from calibrant.train.rank import is_first_process
from calibrant.train.run_epoch import run_epoch
from calibrant.train.spec import TrainSpec
from calibrant.train.state import finish, memory_format, record, resume, start
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

    With ``spec.processes`` above 1 the processes are started here and ended here; under ``torchrun`` each
    of its processes calls this function. Either way a batch is shared out, and without dropout the losses
    are those of one process but for rounding.

    Parameters
    ----------
    net : nn.Module
        With its initial weights; trained in place.
    head : Head
        What the logits mean.
    data : ImageData
        Training and validation rows, and their normalisation.
    spec : TrainSpec
        How to train.
    folder : path
        Receives ``metrics.jsonl``, a line an epoch, and ``model.safetensors`` at the end; in between it
        holds ``checkpoint.pt``. Made where it is missing.
    seed : int
        With the epoch's number it decides the order of the images, their augmentation, mixing and dropout.
    progress : Progress, optional
        Told how the run is getting on.

    Raises
    ------
    InvalidRun
        `folder` holds another run, or a damaged one.
    FolderInUse
        Another process trains in `folder`.
    FitFailed
        The loss is no longer finite, or one of several processes was ended from outside.
    InvalidArgument
        The device is not there.
    """
    folder, progress, spec = make_folder(folder), progress or Silent(), as_started(spec)
    identity = identity_of(net, head, data, spec, seed)
    work = partial(_train, net, head, data, spec, identity, folder, seed)
    with held(folder) if is_first_process() else nullcontext():
        history = _trained(work, net, spec, identity, folder, progress)
    early = spec.early_stopping_patience is not None
    return TrainResult(net, history, best_epoch(history) if early else len(history), early)


def _trained(
    work: Callable[[Progress], tuple[EpochRow, ...]],
    net: nn.Module,
    spec: TrainSpec,
    identity: Identity,
    folder: Path,
    progress: Progress,
) -> tuple[EpochRow, ...]:
    """Train, or fetch what is trained, and remove what is no longer needed."""
    if is_first_process():
        remove_leftovers(folder)
    if not is_finished(folder) and spec.processes == own_share().processes:
        history = work(progress)
    else:
        if not is_finished(folder):
            launch(work, spec.processes, progress)
        load_weights(net, folder, identity)
        # As while training: the order of additions in a convolution depends on the layout.
        net.to(memory_format=memory_format(spec))
        history = read_history(folder)
    if is_first_process():
        remove_checkpoint(folder)
    return history


def _train(
    net: nn.Module,
    head: Head,
    data: ImageData,
    spec: TrainSpec,
    identity: Identity,
    folder: Path,
    seed: int,
    progress: Progress,
) -> tuple[EpochRow, ...]:
    """Train in this process, with the others of its kind if there are some, and leave a finished folder."""
    state = start(net, spec, identity)
    resume(state, folder)
    for row in state.history:
        progress.on_epoch(row)
    with cpu_threads(spec.threads):
        while not _is_over(state.history, spec):
            row = run_epoch(state, head, data, spec, seed, progress)
            record(state, row, folder, keep_best=spec.early_stopping_patience is not None)
            progress.on_epoch(row)
    finish(state, folder)
    return state.history


def _is_over(history: Sequence[EpochRow], spec: TrainSpec) -> bool:
    if len(history) >= spec.epochs:
        return True
    patience = spec.early_stopping_patience
    return patience is not None and bool(history) and len(history) - best_epoch(history) >= patience
