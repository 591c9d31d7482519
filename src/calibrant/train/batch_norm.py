"""Batch normalisation over the images of all processes, on any device, for any network.

PyTorch's own ``SyncBatchNorm`` computes on GPUs alone and takes the place of layers, which changes a network;
this changes only what the layers compute while training.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from typing import Any

import torch
from torch import Tensor, distributed
from torch.nn.functional import batch_norm
from torch.overrides import TorchFunctionMode


def summed(values: Tensor) -> Tensor:
    """Return the sum over all processes; without a gradient."""
    total = values.clone(memory_format=torch.contiguous_format)
    distributed.all_reduce(total)
    return total


@contextmanager
def synchronised_batch_norm() -> Iterator[None]:
    """Let batch normalisation in training mode take mean and variance over all processes.

    All processes must run the same network at the same time. Gradients flow through the statistics as they
    do in one process that has all the images.

    References
    ----------
    Ioffe & Szegedy, "Batch Normalization", ICML 2015, algorithm 1.
    """
    with _Synchronised():
        yield


class _Synchronised(TorchFunctionMode):
    def __torch_function__(
        self,
        func: Callable[..., Any],
        types: Any,
        args: tuple[Any, ...] = (),
        kwargs: Mapping[str, Any] | None = None,
    ) -> Any:
        return (_batch_norm if func is batch_norm else func)(*args, **(kwargs or {}))


class _Sum(torch.autograd.Function):
    """The sum over processes; every process's loss depends on it, so the gradients are summed too."""

    @staticmethod
    def forward(context: Any, values: Tensor) -> Tensor:
        return summed(values)

    @staticmethod
    def backward(context: Any, *gradients: Tensor) -> Tensor:
        return summed(gradients[0])


def _batch_norm(
    values: Tensor,
    running_mean: Tensor | None,
    running_var: Tensor | None,
    weight: Tensor | None = None,
    bias: Tensor | None = None,
    training: bool = False,
    momentum: float = 0.1,
    eps: float = 1e-5,
) -> Tensor:
    if not training:
        return batch_norm(values, running_mean, running_var, weight, bias, False, momentum, eps)
    others = [axis for axis in range(values.ndim) if axis != 1]
    column = [-1 if axis == 1 else 1 for axis in range(values.ndim)]
    exact = values.float()
    here = exact.new_tensor([exact.numel() / exact.shape[1]])
    totals: Tensor = _Sum.apply(torch.cat([exact.sum(others), here]))
    count = totals[-1].detach()
    mean = totals[:-1] / count
    centred = exact - mean.view(column)
    # A second sum, of squares about the mean: squares about 0 would lose digits.
    variance: Tensor = _Sum.apply(centred.square().sum(others)) / count
    with torch.no_grad():
        if running_mean is not None:
            running_mean.lerp_(mean, momentum)
        if running_var is not None:
            running_var.lerp_(variance * (count / (count - 1)), momentum)
    scale = torch.rsqrt(variance + eps)
    if weight is not None:
        scale = scale * weight
    result = centred * scale.view(column)
    if bias is not None:
        result = result + bias.view(column)
    return result.to(values.dtype)
