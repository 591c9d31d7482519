"""The trained weights of a finished run, as safetensors with the run's identity in the header.

A file under this name means that the run is finished.
"""

from __future__ import annotations

import json
from dataclasses import dataclass
from pathlib import Path

from safetensors import SafetensorError, safe_open
from safetensors.torch import load_file, save_file
from torch import nn

from calibrant.atomic import replacing
from calibrant.errors import InvalidRun, UnreadableFile
from calibrant.foreign import json_value
from calibrant.nets.weights import RUN_FILE, RUN_HEADER
from calibrant.plain import check_plain
from calibrant.refusals import reason
from calibrant.train.checkpoint import Weights
from calibrant.train.identity import Identity, check_same_run


@dataclass(frozen=True, eq=False)
class StoredWeights:
    """The weights of a finished run, and what makes it this run."""

    weights: Weights
    identity: Identity


def write_weights(folder: Path, weights: Weights, identity: Identity) -> None:
    """Write the final weights of the run in `folder`."""
    tensors = {name: tensor.detach().cpu().contiguous() for name, tensor in weights.items()}
    with replacing(folder / RUN_FILE) as temporary:
        save_file(tensors, temporary, metadata={RUN_HEADER: json.dumps(identity)})


def is_finished(folder: Path) -> bool:
    """Return whether the run in `folder` has its final weights."""
    return (folder / RUN_FILE).exists()


def load_weights(net: nn.Module, folder: Path, identity: Identity) -> None:
    """Put the final weights of the run in `folder` into `net`.

    Raises
    ------
    InvalidRun
        They belong to another run, or the file is damaged or foreign.
    """
    stored = read_stored(folder)
    check_same_run(stored.identity, identity, str(folder / RUN_FILE))
    net.load_state_dict(stored.weights)


def read_stored(folder: Path) -> StoredWeights:
    """Read the final weights of the run in `folder`.

    Raises
    ------
    InvalidRun
        The file is missing, damaged or foreign.
    UnreadableFile
        It is no plain file, or may not be read.
    """
    path = folder / RUN_FILE
    check_plain(path)
    try:
        with safe_open(path, framework="pt") as file:
            identity: Identity = json_value((file.metadata() or {})[RUN_HEADER])
        return StoredWeights(load_file(path), identity)
    except PermissionError as error:
        raise UnreadableFile(f"cannot read {path}: {reason(error)}.") from error
    except (OSError, SafetensorError, LookupError, ValueError) as error:
        raise InvalidRun(
            f"{path} is damaged, or is not the work of a run ({type(error).__name__}). "
            "Delete it to train again."
        ) from error
