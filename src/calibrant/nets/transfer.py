"""Weights of a file or of an earlier run put into a network that is about to be trained.

They fit in every layer but the last, or they are refused; nothing is left at random unsaid.
"""

from __future__ import annotations

import logging
import os
from collections.abc import Iterable, Mapping

from torch import Tensor, nn

from calibrant.errors import InvalidArgument
from calibrant.nets.last_layer import of_backbone
from calibrant.nets.torchvision_names import as_timm_names
from calibrant.nets.weights import read_run, read_weights

_log = logging.getLogger(__name__)

_SHOWN = 3
# A counter that older files lack, and that no network here uses.
_COUNTER = "num_batches_tracked"


def load_file_into(net: nn.Module, path: str | os.PathLike[str]) -> None:
    """Give `net` the weights of a file.

    Where its last layer has another shape in the file, or is not there, `net` keeps its own, and a message
    is logged that says so and names what was left out.

    Parameters
    ----------
    net : nn.Module
        Changed in place.
    path : path
        What `calibrant.nets.weights.read_weights` reads; named by timm or by torchvision.

    Raises
    ------
    UnreadableFile
        The file cannot be read.
    InvalidArgument
        It lacks weights of the backbone, has others, or they have another shape.
    """
    own = net.state_dict()
    weights = as_timm_names(read_weights(path), own)
    last = own.keys() - of_backbone(net, own).keys()
    if all(name in weights and weights[name].shape == own[name].shape for name in last):
        _fill(net, weights, own, str(path))
        return
    backbone = of_backbone(net, weights)
    _fill(net, backbone, of_backbone(net, own), str(path))
    _log.warning(
        "%s: its last layer is not of this network's shape and was left out (%s); it starts afresh.",
        path,
        ", ".join(_shape(name, weights, own) for name in sorted(last | (weights.keys() - backbone.keys()))),
    )


def load_run_into(net: nn.Module, folder: str | os.PathLike[str]) -> None:
    """Give the backbone of `net` the weights of a finished run; its last layer keeps its own.

    Parameters
    ----------
    net : nn.Module
        Changed in place.
    folder : path
        Folder of the run.

    Raises
    ------
    InvalidRun
        It holds no finished run.
    UnreadableFile
        Its weights are damaged.
    InvalidArgument
        It trained another architecture, another stem, or other channels.
    """
    _fill(net, of_backbone(net, read_run(folder)), of_backbone(net, net.state_dict()), str(folder))


def _fill(net: nn.Module, weights: Mapping[str, Tensor], own: Mapping[str, Tensor], source: str) -> None:
    missing = [name for name in own if name not in weights and not name.endswith(_COUNTER)]
    unknown = [name for name in weights if name not in own]
    reshaped = [name for name in own if name in weights and weights[name].shape != own[name].shape]
    problems = [
        f"{len(names)} {what} ({_some(named)})"
        for what, names, named in (
            ("missing", missing, missing),
            ("not of this network", unknown, unknown),
            ("of another shape", reshaped, (_shape(name, weights, own) for name in reshaped)),
        )
        if names
    ]
    if problems:
        hint = _hint(weights, own, only=reshaped if not missing and not unknown else [])
        raise InvalidArgument(
            f"the weights in {source} do not fit this network: {'; '.join(problems)}. {hint}"
        )
    net.load_state_dict(dict(weights), strict=False)


def _hint(weights: Mapping[str, Tensor], own: Mapping[str, Tensor], *, only: list[str]) -> str:
    """Say what to do; where nothing but the first layer differs, that is known exactly."""
    first = next(iter(own))
    if only == [first]:
        theirs, ours = weights[first].shape, own[first].shape
        if theirs[1] != ours[1]:
            return f"They are for images of {theirs[1]} channels; these have {ours[1]}."
        return "Their first layer is that of another stem. Set net.stem to the one they were trained with."
    return "Set net.name and the options of the architecture to what they were trained with."


def _shape(name: str, weights: Mapping[str, Tensor], own: Mapping[str, Tensor]) -> str:
    theirs, ours = (
        "×".join(map(str, where[name].shape)) if name in where else "absent" for where in (weights, own)
    )
    return f"{name}: {theirs}, here {ours}"


def _some(names: Iterable[str]) -> str:
    listed = list(names)
    return ", ".join(listed[:_SHOWN]) + (", …" if len(listed) > _SHOWN else "")
