"""One pass over the training rows: forward, backward, step; and a report now and then.

The only arithmetic beside the network's is the running mean of loss and accuracy.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import replace

import torch
from lightning_fabric import Fabric
from torch import nn

from calibrant.datasets.batches import Batch
from calibrant.nets.heads import Head
from calibrant.train.progress import BatchReport, Progress

_REPORTS = 20


def train_epoch(
    fabric: Fabric,
    net: nn.Module,
    optimiser: torch.optim.Optimizer,
    head: Head,
    batches: Iterable[Batch],
    *,
    start: BatchReport,
    progress: Progress,
) -> float:
    """Train for one epoch.

    Parameters
    ----------
    fabric : Fabric
        Device and precision.
    net, optimiser
        As `fabric` set them up; both are changed.
    head : Head
        The loss.
    batches : iterable of Batch
        The epoch's batches, on the device.
    start : BatchReport
        Where the run stands as the epoch begins.
    progress : Progress
        Told about twenty times in an epoch. To read the loss more often would stall a GPU.

    Returns
    -------
    float
        Mean loss over the images seen.
    """
    net.train()
    loss_sum = torch.zeros((), device=fabric.device)
    hits = torch.zeros((), dtype=torch.int64, device=fabric.device)
    images, report = 0, start
    every = max(1, start.batches // _REPORTS)
    for number, batch in enumerate(batches, start=1):
        logits = net(batch.inputs)
        loss = head.loss(logits, batch.labels)
        optimiser.zero_grad()
        fabric.backward(loss)
        optimiser.step()

        images += len(batch.labels)
        loss_sum += loss.detach() * len(batch.labels)
        hits += (head.predicted(logits) == batch.labels).sum()
        if number % every == 0 or number == start.batches:
            loss_mean, accuracy = loss_sum.item() / images, hits.item() / images
            report = replace(start, batch=number, loss=loss_mean, accuracy=accuracy)
            progress.on_batch(report)
    return report.loss


@contextmanager
def reproducible(seed: int, device: torch.device) -> Iterator[None]:
    """Let PyTorch's own random numbers follow from `seed`, and its GPU convolutions from nothing else.

    Afterwards the global generators and settings are what they were.
    """
    devices = [device] if device.type == "cuda" else []
    with torch.random.fork_rng(devices), torch.backends.cudnn.flags(deterministic=True, benchmark=False):
        torch.manual_seed(seed)
        yield


@contextmanager
def cpu_threads(number: int | None) -> Iterator[None]:
    """Let PyTorch compute on so many CPU threads, or leave that to it; afterwards it is as it was."""
    before = torch.get_num_threads()
    torch.set_num_threads(number or before)
    try:
        yield
    finally:
        torch.set_num_threads(before)
