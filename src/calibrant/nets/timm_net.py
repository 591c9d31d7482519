"""Any network of timm, with a last layer for the classes at hand, and the changes that small images ask for.

The stems and the pooled classifier are in `timm_parts`.
"""

from __future__ import annotations

from difflib import get_close_matches
from typing import Any

import timm
import torch
from torch import nn

from calibrant.errors import DataUnavailable, InvalidArgument
from calibrant.nets.small_maps import with_small_maps
from calibrant.nets.spec import TIMM, NetSpec
from calibrant.nets.timm_parts import pooled_classifier, small_stem


def timm_net(spec: NetSpec, *, outputs: int, channels: int, image_size: int) -> nn.Module:
    """Build a network of timm.

    Parameters
    ----------
    spec : NetSpec
        Gives the name, `dropout`, `stochastic_depth`, `stem` and `classifier`, and with ``pretrained =
        True`` says that timm's weights are wanted. Their first layer is summed or repeated over the
        channels of the images, as timm does; the last starts afresh.
    outputs : int
        Number of logits.
    channels : int
        Channels of the images.
    image_size : int
        Side of the square images in pixels. Networks with a fixed size, such as transformers, are built
        for it.

    Returns
    -------
    nn.Module
        Maps images (n, channels, image_size, image_size) to logits (n, outputs).

    Raises
    ------
    InvalidArgument
        An unknown name, an option that the architecture does not have, images that it cannot take.
    DataUnavailable
        The published weights cannot be had.
    """
    name = spec.name.removeprefix(TIMM)
    published = _published(name)
    options: dict[str, Any] = {"num_classes": outputs, "in_chans": channels, "drop_rate": spec.dropout}
    if spec.stochastic_depth:
        options["drop_path_rate"] = spec.stochastic_depth
    if published.fixed_input_size and published.input_size[-1] != image_size:
        options["img_size"] = image_size
    if spec.pretrained is True and not published.has_weights:
        raise InvalidArgument(f"timm publishes no weights of {name!r}. Leave net.pretrained out.")
    net = _create(spec, name, options)
    if spec.stem == "cifar":
        small_stem(net, channels=channels)
    if spec.classifier == "pooled":
        pooled_classifier(net, outputs=outputs, dropout=spec.dropout)
    net = with_small_maps(net)
    _check_it_runs(net, spec, outputs, (channels, image_size, image_size))
    return net


def _published(name: str) -> Any:
    """Return what timm says about the network, or raise where there is none."""
    architecture, _, tag = name.partition(".")
    if not timm.is_model(architecture):
        nearest = get_close_matches(architecture, timm.list_models(), n=3)
        hint = f"Did you mean {' or '.join(nearest)}?" if nearest else "timm.list_models() lists them all."
        raise InvalidArgument(f"timm has no network called {architecture!r}. {hint}")
    try:
        return timm.get_pretrained_cfg(name)
    except RuntimeError as error:
        known = [full.partition(".")[2] for full in timm.list_pretrained(f"{architecture}.*")]
        raise InvalidArgument(
            f"timm has no weights {tag!r} of {architecture!r}. Known: {', '.join(known) or 'none'}."
        ) from error


def _create(spec: NetSpec, name: str, options: dict[str, Any]) -> nn.Module:
    try:
        return timm.create_model(name, pretrained=spec.pretrained is True, **options)
    except TypeError as error:
        given = {"drop_rate": "dropout", "drop_path_rate": "stochastic_depth", "img_size": "input_size"}
        refused = [option for option in given if repr(option) in str(error) and option in options]
        if not refused:
            raise
        if refused == ["drop_rate"] and not spec.dropout:
            return _create(spec, name, {key: options[key] for key in options if key != "drop_rate"})
        raise InvalidArgument(
            f"{spec.name} has no option {given[refused[0]]!r}; {_REMEDIES[refused[0]]}."
        ) from error
    except Exception as error:
        if spec.pretrained is not True:
            raise InvalidArgument(
                f"{spec.name} cannot be built with {_spelt(options)}: {error}. Check net.input_size."
            ) from error
        # Whatever goes wrong with a download: no network, no such file, no space, an interrupted transfer.
        raise DataUnavailable(
            f"the published weights of {spec.name} cannot be had "
            f"({type(error).__name__}: {' '.join(str(error).split())}). "
            'Download them elsewhere and set net.weights = "FILE.safetensors" or "FILE.pth" '
            "in place of net.pretrained."
        ) from error


_REMEDIES = {
    "drop_rate": "leave it out",
    "drop_path_rate": "leave it out",
    "img_size": "set it to the size of the published network",
}


def _spelt(options: dict[str, Any]) -> str:
    return ", ".join(f"{name}={value}" for name, value in options.items())


def _check_it_runs(net: nn.Module, spec: NetSpec, outputs: int, shape: tuple[int, int, int]) -> None:
    """Send one empty image through: what an architecture cannot take shows nowhere else."""
    net.eval()
    try:
        with torch.no_grad():
            logits = net(torch.zeros(1, *shape))
    except (RuntimeError, ValueError, AssertionError, IndexError, TypeError) as error:
        raise InvalidArgument(
            f"{spec.name} cannot take images of {shape[1]} × {shape[2]} pixels and {shape[0]} channels "
            f"({' '.join(str(error).split())}). Set net.input_size to a size that it can."
        ) from error
    finally:
        net.train()
    if not isinstance(logits, torch.Tensor) or logits.shape != (1, outputs):
        raise InvalidArgument(f"{spec.name} gives no {outputs} logits per image; it is not a classifier.")
