"""The optimiser of a spec, and the learning rate of each batch.

The rate is a function of epoch and batch alone, so that a resumed run needs no scheduler's state.
"""

from __future__ import annotations

import math
from collections.abc import Iterable

import torch
from torch import nn

from calibrant.train.spec import TrainSpec


def make_optimiser(parameters: Iterable[nn.Parameter], spec: TrainSpec) -> torch.optim.Optimizer:
    """Return the optimiser that `spec` describes, for the parameters that require a gradient."""
    trainable = [parameter for parameter in parameters if parameter.requires_grad]
    if spec.optimiser == "adam":
        return torch.optim.Adam(trainable, lr=spec.learning_rate, weight_decay=spec.weight_decay, fused=True)
    return torch.optim.SGD(
        trainable,
        lr=spec.learning_rate,
        momentum=spec.momentum,
        nesterov=spec.nesterov,
        weight_decay=spec.weight_decay,
        fused=True,
    )


def learning_rate(spec: TrainSpec, epoch: int) -> float:
    """Return the learning rate throughout `epoch`, counted from 1; without the warm-up.

    Examples
    --------
    >>> spec = TrainSpec(learning_rate=1.0, schedule="step", step_epochs=10, step_factor=0.5)
    >>> [learning_rate(spec, epoch) for epoch in (1, 10, 11, 21)]
    [1.0, 1.0, 0.5, 0.25]
    """
    passed = epoch - 1
    if spec.schedule == "step":
        return spec.learning_rate * spec.step_factor ** (passed // spec.step_epochs)
    if spec.schedule == "cosine" and passed >= spec.warmup_epochs:
        angle = math.pi * (passed - spec.warmup_epochs) / (spec.epochs - spec.warmup_epochs)
        return spec.learning_rate * (1 + math.cos(angle)) / 2
    return spec.learning_rate


def learning_rates(spec: TrainSpec, epoch: int, batches: int) -> list[float]:
    """Return the learning rate of each of an epoch's `batches`.

    While warming up, batch i of the run's first N has the share i/N of the schedule's rate.

    References
    ----------
    Goyal et al., "Accurate, Large Minibatch SGD: Training ImageNet in 1 Hour", 2017, section 2.2.

    Examples
    --------
    >>> spec = TrainSpec(learning_rate=1.0, warmup_epochs=2)
    >>> [learning_rates(spec, epoch, 2) for epoch in (1, 2, 3)]
    [[0.25, 0.5], [0.75, 1.0], [1.0, 1.0]]
    """
    rate = learning_rate(spec, epoch)
    if epoch > spec.warmup_epochs:
        return [rate] * batches
    before, all_batches = (epoch - 1) * batches, spec.warmup_epochs * batches
    return [rate * (before + number) / all_batches for number in range(1, batches + 1)]


def set_learning_rate(optimiser: torch.optim.Optimizer, rate: float) -> None:
    """Set the learning rate of all parameters."""
    for group in optimiser.param_groups:
        group["lr"] = rate
