"""The state of an unfinished run in one file, written whole or not at all, and read without running any code.

No generator's state is in it: the random numbers of an epoch follow from the run's seed and its number.
"""

from __future__ import annotations

import errno
import warnings
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

import torch
from torch import Tensor

from calibrant.atomic import replacing
from calibrant.errors import InvalidRun, UnreadableFile
from calibrant.foreign import TORCH_DAMAGE, is_stored
from calibrant.plain import check_plain
from calibrant.refusals import reason
from calibrant.train.history import EpochRow
from calibrant.train.identity import Identity

NAME = "checkpoint.pt"

_OF_DAMAGE = (None, errno.EINVAL)
"""What the system, or a library in its name, says against places that a damaged file points to."""

Weights = Mapping[str, Tensor]


@dataclass(frozen=True, eq=False)
class Checkpoint:
    """A run between two epochs.

    Attributes
    ----------
    identity : mapping
        Whose state it is.
    net : mapping of str to Tensor
        Weights and statistics of the network.
    optimiser : dict
        State of the optimiser.
    history : tuple of EpochRow
        The epochs so far.
    best : mapping of str to Tensor, optional
        The network at its lowest validation loss, where early stopping will need it.
    """

    identity: Identity
    net: Weights
    optimiser: dict[str, Any]
    history: tuple[EpochRow, ...]
    best: Weights | None


def write_checkpoint(folder: Path, checkpoint: Checkpoint) -> None:
    """Write the checkpoint of the run in `folder`, in place of the one before."""
    content = {
        "identity": dict(checkpoint.identity),
        "net": dict(checkpoint.net),
        "optimiser": checkpoint.optimiser,
        "history": [asdict(row) for row in checkpoint.history],
        "best": None if checkpoint.best is None else dict(checkpoint.best),
    }
    with replacing(folder / NAME) as temporary:
        torch.save(content, temporary)


def read_checkpoint(folder: Path, device: torch.device) -> Checkpoint | None:
    """Read the checkpoint in `folder` onto `device`, or return None where there is none.

    Raises
    ------
    InvalidRun
        The file is damaged, or is no checkpoint of calibrant.
    UnreadableFile
        It is no plain file, may not be read, or memory does not suffice for it.
    """
    path = folder / NAME
    if not path.exists():
        return None
    check_plain(path)
    try:
        with path.open("rb") as handle:
            if not is_stored(handle):
                raise ValueError("it is no archive")
        with warnings.catch_warnings(action="ignore"):  # of what is refused below
            content = torch.load(path, map_location=device, weights_only=True)
        return Checkpoint(
            identity=content["identity"],
            net=content["net"],
            optimiser=content["optimiser"],
            history=tuple(EpochRow(**row) for row in content["history"]),
            best=content["best"],
        )
    except (MemoryError, torch.OutOfMemoryError) as error:
        raise UnreadableFile(
            f"cannot read {path}: there is too little memory on the device {device}. "
            "Free some, and start again: the run goes on from there."
        ) from error
    except TORCH_DAMAGE as error:
        if isinstance(error, OSError) and error.errno not in _OF_DAMAGE:
            raise UnreadableFile(f"cannot read {path}: {reason(error)}.") from error
        raise InvalidRun(
            f"the checkpoint {path} is damaged or foreign ({type(error).__name__}). "
            "Delete it to train from the start."
        ) from error


def remove_checkpoint(folder: Path) -> None:
    """Remove the checkpoint of the run in `folder`, once it is no longer needed."""
    (folder / NAME).unlink(missing_ok=True)
