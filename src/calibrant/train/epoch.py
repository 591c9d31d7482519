"""One pass over the training rows: forward, backward, step; and a report now and then.

The only arithmetic beside the network's is the running mean of loss and accuracy.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager, nullcontext
from dataclasses import replace

import torch
from lightning_fabric import Fabric
from torch import Tensor, nn

from calibrant.datasets.batches import Batch
from calibrant.nets.heads import Head
from calibrant.train.batch_norm import summed, synchronised_batch_norm
from calibrant.train.losses import Loss, batch_loss
from calibrant.train.optimiser import set_learning_rate
from calibrant.train.progress import BatchReport, Progress

_REPORTS = 20


def train_epoch(
    fabric: Fabric,
    net: nn.Module,
    optimiser: torch.optim.Optimizer,
    head: Head,
    loss: Loss,
    batches: Iterable[Batch],
    rates: Sequence[float],
    *,
    start: BatchReport,
    progress: Progress,
) -> float:
    """Train for one epoch.

    Parameters
    ----------
    fabric : Fabric
        Device, precision and other processes, which run this at the same time on their images.
    net, optimiser
        As `fabric` set them up; both are changed.
    head : Head
        What the logits mean.
    loss : Loss
        What is minimised.
    batches : iterable of Batch
        The epoch's batches, on the device.
    rates : sequence of float
        The learning rate of each batch.
    start : BatchReport
        Where the run stands as the epoch begins.
    progress : Progress
        Told about twenty times in an epoch. To read the loss more often would stall a GPU.

    Returns
    -------
    float
        Mean loss over the images seen by all processes.
    """
    net.train()
    sums = torch.zeros(2, device=fabric.device)
    images, report = 0, start
    every = max(1, start.batches // _REPORTS)
    together = fabric.world_size > 1
    for number, (batch, rate) in enumerate(zip(batches, rates, strict=True), start=1):
        with synchronised_batch_norm() if together else nullcontext():
            logits = net(batch.inputs)
        mean = batch_loss(loss, logits, batch)
        set_learning_rate(optimiser, rate)
        optimiser.zero_grad()
        # Gradients are averaged over processes; so weighted, that is the gradient of the mean over images.
        weight = fabric.world_size * len(batch.labels) / batch.size
        fabric.backward(mean * weight if together else mean)
        optimiser.step()

        images += batch.size
        sums[0] += mean.detach() * len(batch.labels)
        sums[1] += _hits(head.predicted(logits), batch)
        if number % every == 0 or number == start.batches:
            totals = summed(sums) if together else sums
            loss_sum, hits = totals.tolist()
            report = replace(start, batch=number, loss=loss_sum / images, accuracy=hits / images)
            progress.on_batch(report)
    return report.loss


def _hits(predicted: Tensor, batch: Batch) -> Tensor:
    own = (predicted == batch.labels).sum()
    if batch.mixed_in is None:
        return own
    share = batch.mixed_in.share
    return (1 - share) * own + share * (predicted == batch.mixed_in.labels).sum()


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
