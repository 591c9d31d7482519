"""`logit_layer`: the one linear layer of a network whose outputs are its logits.

A network can do anything with a layer in its `forward`, so one is only taken where it is known what that is.
"""

from __future__ import annotations

from torch import nn

from calibrant.errors import InvalidArgument
from calibrant.nets.last_layer import last_layer
from calibrant.nets.wrappers import PREFIX, FrozenBackbone, Resized

WAY_OUT = "CalibratedModel(model, calibrator) works for any network."
# timm's of two outputs side by side, of which both count: VOLO.
_SECOND_END = "aux_head"


def logit_layer(model: nn.Module, layer: str | None = None) -> str:
    """Return the name of the layer that makes the logits of a network; of a layer itself the empty name.

    Parameters
    ----------
    model : nn.Module
        A linear layer, a sequence that ends in one, or a network of this package or of timm; any other with
        the name of the layer.
    layer : str, optional
        Its name, as in ``model.named_modules()``.

    Raises
    ------
    InvalidArgument
        It is not known which layer makes the logits, there is none of that name, it is no plain linear layer,
        or it is used more than once.
    """
    if not isinstance(model, nn.Module):
        raise InvalidArgument(f"a network of PyTorch is needed, an nn.Module; got {type(model).__name__}.")
    name = _end(model) if layer is None else layer
    if name is None:
        raise InvalidArgument(
            "which layer of this network makes its logits cannot be told: it is no sequence, and no network "
            f"of calibrant or timm that ends in one layer. Name it with layer=. {WAY_OUT}"
        )
    modules = dict(model.named_modules(remove_duplicate=False))
    if name not in modules:
        raise InvalidArgument(
            f"the network has no layer {name!r}; it has {', '.join(filter(None, modules))}."
        )
    found = modules[name]
    if not _is_plain(found):
        hooks = " with hooks or a forward of its own" if isinstance(found, nn.Linear) else ""
        raise InvalidArgument(
            "the network does not end in one plain linear layer, so there is nothing to fold into: "
            f"{name or 'it'} is {type(found).__name__}{hooks}. {WAY_OUT}"
        )
    altered = [above for above in _above(name) if _does_more(modules[above])] if layer is None else []
    if altered:
        raise InvalidArgument(
            f"{altered[0] or 'the network'} has hooks or a forward of its own, so it cannot be told whether "
            f"the outputs of its last layer are its logits. If they are, say so: layer={name!r}. {WAY_OUT}"
        )
    if sum(module is found for module in modules.values()) > 1:
        raise InvalidArgument(f"the layer {name!r} is used more than once in the network. {WAY_OUT}")
    return name


def _is_plain(module: nn.Module) -> bool:
    """Return whether a module computes W x + b and nothing else; timm's own class casts besides."""
    known = type(module) is nn.Linear or (isinstance(module, nn.Linear) and _is_of(module, "timm"))
    return known and not _does_more(module)


def _does_more(module: nn.Module) -> bool:
    """Return whether this one module does something else than those of its class."""
    return bool(module._forward_hooks or module._forward_pre_hooks) or "forward" in vars(module)


def _above(name: str) -> list[str]:
    """Return the names of the modules that hold a layer, the network itself first."""
    parts = name.split(".")
    return [".".join(parts[:depth]) for depth in range(len(parts))] if name else []


def _is_of(module: nn.Module, package: str) -> bool:
    return type(module).__module__.partition(".")[0] == package


def _end(model: nn.Module) -> str | None:
    """Return the name of the last layer, where it is known; of a layer itself the empty name."""
    if isinstance(model, nn.Linear):
        return ""
    if isinstance(model, FrozenBackbone | Resized):
        return _below(PREFIX.rstrip("."), _end(model.net))
    if type(model) is nn.Sequential and len(model):
        # `named_children` leaves out a layer that is there twice.
        name, last = list(model._modules.items())[-1]
        return _below(name, _end(last) if type(last) is nn.Sequential else "")
    if not (_is_of(model, "calibrant") or _is_of(model, "timm")) or hasattr(model, _SECOND_END):
        return None
    modules = dict(model.named_modules())
    names = [name for name in last_layer(model) if name in modules]
    return names[0] if len(names) == 1 else None


def _below(name: str, inner: str | None) -> str | None:
    return None if inner is None else f"{name}.{inner}".rstrip(".")
