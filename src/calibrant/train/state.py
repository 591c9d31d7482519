"""A run in memory: the network on its device, its optimiser, its epochs so far; and its way to disk and back.

The steps of training are not here.
"""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

import torch
from lightning_fabric import Fabric
from torch import nn

from calibrant.train.checkpoint import Checkpoint, Weights, read_checkpoint, write_checkpoint
from calibrant.train.history import EpochRow, best_epoch, write_history
from calibrant.train.identity import Identity, check_same_run
from calibrant.train.optimiser import make_optimiser
from calibrant.train.processes import make_fabric
from calibrant.train.spec import TrainSpec
from calibrant.train.weights import write_weights


@dataclass(eq=False)
class RunState:
    """The state of a run between two epochs.

    Attributes
    ----------
    fabric : Fabric
        Device, precision and other processes.
    net : nn.Module
        The network itself, on the device.
    module : nn.Module
        The network as `fabric` runs it.
    optimiser : torch.optim.Optimizer
        As `fabric` set it up.
    identity : mapping
        What makes the run this one.
    history : tuple of EpochRow
        The epochs so far.
    best : mapping of str to Tensor, optional
        The network at its lowest validation loss, where early stopping will need it.
    """

    fabric: Fabric
    net: nn.Module
    module: nn.Module
    optimiser: torch.optim.Optimizer
    identity: Identity
    history: tuple[EpochRow, ...] = ()
    best: Weights | None = None


def start(net: nn.Module, spec: TrainSpec, identity: Identity) -> RunState:
    """Set up a run on its device, before the first epoch.

    Raises
    ------
    InvalidArgument
        There is no such device, or there are fewer than processes.
    """
    fabric = make_fabric(spec)
    net.to(memory_format=memory_format(spec))
    module, optimiser = fabric.setup(net, make_optimiser(net.parameters(), spec))
    return RunState(fabric, net, module, optimiser, identity)


def memory_format(spec: TrainSpec) -> torch.memory_format:
    """Return the layout of the network's weights; its results depend on it in their last bits."""
    return torch.channels_last if spec.channels_last else torch.contiguous_format


def resume(state: RunState, folder: Path) -> None:
    """Bring `state` to where the run in `folder` stopped, if one did.

    Raises
    ------
    InvalidRun
        The checkpoint there is another run's, or damaged.
    """
    stored = read_checkpoint(folder, state.fabric.device)
    if stored is None:
        return
    check_same_run(stored.identity, state.identity, str(folder))
    state.net.load_state_dict(stored.net)
    state.optimiser.load_state_dict(stored.optimiser)
    state.history, state.best = stored.history, stored.best


def record(state: RunState, row: EpochRow, folder: Path, *, keep_best: bool) -> None:
    """Add a finished epoch to `state` and save both, the checkpoint first: the history follows from it.

    The first process alone writes; all are in the same state.
    """
    state.history += (row,)
    if keep_best and best_epoch(state.history) == row.epoch:
        state.best = {name: tensor.clone() for name, tensor in state.net.state_dict().items()}
    if not state.fabric.is_global_zero:
        return
    write_checkpoint(
        folder,
        Checkpoint(
            state.identity, state.net.state_dict(), state.optimiser.state_dict(), state.history, state.best
        ),
    )
    write_history(folder, state.history)


def finish(state: RunState, folder: Path) -> None:
    """Give the network its final weights, and save them and the history; no process returns before that."""
    if state.best is not None:
        state.net.load_state_dict(state.best)
    if state.fabric.is_global_zero:
        write_history(folder, state.history)
        write_weights(folder, state.net.state_dict(), state.identity)
    state.fabric.barrier()
