"""Weights from files: safetensors, or what PyTorch saves, read without running any code that is in it.

Which network they fit is not asked here.
"""

from __future__ import annotations

import os
import pickle
import warnings
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import torch
from safetensors import SafetensorError, safe_open
from safetensors.torch import load_file
from torch import Tensor

from calibrant.errors import InvalidRun, UnreadableFile
from calibrant.foreign import TORCH_DAMAGE, is_stored
from calibrant.nets.wrappers import PREFIX

# The final weights of a run, and the entry in their header that says so.
RUN_FILE = "model.safetensors"
RUN_HEADER = "calibrant.run"

_TORCH_SUFFIXES = (".pth", ".pt")
# Under these names training scripts keep the weights beside epoch and optimiser.
_SECTIONS = ("state_dict", "model")
# Put before every name by data-parallel training, by compiling, and by this package's own wrappers.
_PREFIXES = ("module.", "_orig_mod.", PREFIX)


def read_weights(path: str | os.PathLike[str]) -> dict[str, Tensor]:
    """Read a file of weights.

    Parameters
    ----------
    path : path
        Ends in ``.safetensors``, ``.pth`` or ``.pt``.

    Returns
    -------
    dict of str to Tensor
        By name within the network, on the CPU. Names are freed of what wrappers put before all of them.

    Raises
    ------
    UnreadableFile
        Missing, damaged, of another kind, or holding more than tensors and plain values.
    """
    file = Path(path).expanduser()
    if file.suffix not in (".safetensors", *_TORCH_SUFFIXES):
        raise UnreadableFile(
            f"cannot read weights from {file}: the name of the file ends in none of "
            f"{', '.join(('.safetensors', *_TORCH_SUFFIXES))}."
        )
    if not file.is_file():
        raise UnreadableFile(f"cannot read weights from {file}: there is no such file.")
    content = _read_torch(file) if file.suffix in _TORCH_SUFFIXES else _read_safetensors(file)
    for section in _SECTIONS:
        if isinstance(content, Mapping) and isinstance(content.get(section), Mapping):
            content = content[section]
            break
    if not isinstance(content, Mapping) or not content or not all(map(_is_weight, content.items())):
        raise UnreadableFile(
            f"cannot read weights from {file}: it holds no table of tensors by name. "
            "Save the network's state_dict() alone."
        )
    return _unwrapped(dict(content))


def read_run(folder: str | os.PathLike[str]) -> dict[str, Tensor]:
    """Read the final weights of a finished run.

    Raises
    ------
    InvalidRun
        The folder is missing, or holds no finished run.
    UnreadableFile
        The weights are damaged.
    """
    file = Path(folder).expanduser() / RUN_FILE
    if not file.is_file():
        raise InvalidRun(
            f"{file.parent} is not the folder of a finished run: there is no {RUN_FILE} in it. "
            "Let the run finish, or name another in net.pretrained."
        )
    weights = read_weights(file)
    with safe_open(file, framework="pt") as opened:
        if RUN_HEADER not in (opened.metadata() or {}):
            raise InvalidRun(f"{file} is not the work of a run. Name it in net.weights instead.")
    return weights


def _read_safetensors(file: Path) -> dict[str, Tensor]:
    try:
        return load_file(file)
    except (OSError, SafetensorError) as error:
        raise UnreadableFile(
            f"cannot read weights from {file}: it is damaged or foreign ({error})."
        ) from error


def _read_torch(file: Path) -> Any:
    try:
        # Of what PyTorch itself no longer writes: such a file is read or refused below.
        with warnings.catch_warnings(action="ignore"):
            with file.open("rb") as handle:
                is_stored(handle)
            return torch.load(file, map_location="cpu", weights_only=True)
    except pickle.UnpicklingError as error:
        raise UnreadableFile(
            f"cannot read weights from {file}: it is damaged, or holds Python objects besides tensors, "
            "which are not loaded because loading runs code. Save the network's state_dict() alone."
        ) from error
    except TORCH_DAMAGE as error:
        raise UnreadableFile(
            f"cannot read weights from {file}: it is damaged or foreign ({type(error).__name__})."
        ) from error


def _is_weight(item: tuple[Any, Any]) -> bool:
    name, value = item
    return isinstance(name, str) and isinstance(value, Tensor)


def _unwrapped(weights: dict[str, Tensor]) -> dict[str, Tensor]:
    for prefix in _PREFIXES:
        if all(name.startswith(prefix) for name in weights):
            return _unwrapped({name.removeprefix(prefix): tensor for name, tensor in weights.items()})
    return weights
