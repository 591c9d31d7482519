"""Which of several processes this is, when they train one network together.

``torchrun`` starts them, or `calibrant.train.launch`; both say so in the same environment variables.
"""

from __future__ import annotations

import logging
import os

import torch
from lightning_fabric import Fabric
from lightning_fabric.plugins.environments.torchelastic import TorchElasticEnvironment

from calibrant.datasets.share import ALONE, Share
from calibrant.errors import InvalidArgument
from calibrant.train.rank import is_started_together
from calibrant.train.spec import TrainSpec


def own_share() -> Share:
    """Return which process this is and of how many."""
    if not is_started_together():
        return ALONE
    return Share(int(os.environ["RANK"]), int(os.environ["WORLD_SIZE"]))


def as_started(spec: TrainSpec) -> TrainSpec:
    """Return `spec` with the number of processes that were started, where ``torchrun`` started some.

    Raises
    ------
    InvalidArgument
        They are more than a batch has images.
    """
    started = own_share().processes
    if started > spec.batch_size:
        raise InvalidArgument(
            f"{started} processes cannot share batches of train.batch_size = {spec.batch_size} images. "
            "Start fewer."
        )
    return spec.model_copy(update={"processes": started}) if is_started_together() else spec


def make_fabric(spec: TrainSpec) -> Fabric:
    """Return the device, the precision and the company in which this process trains.

    Raises
    ------
    InvalidArgument
        There is no such device, or there are fewer than processes.
    """
    found = torch.cuda.device_count()
    if spec.device == "cuda" and not found:
        raise InvalidArgument('PyTorch finds no CUDA device here. Set train.device = "cpu" or "auto".')
    if spec.processes == 1:
        return Fabric(accelerator=spec.device, devices=1, precision=spec.precision)
    here = int(os.environ["LOCAL_WORLD_SIZE"])
    if spec.device != "cpu" and 0 < found < here:
        raise InvalidArgument(
            f"{here} processes need a CUDA device each; PyTorch finds {found}. "
            f'Set train.processes = {found}, or train.device = "cpu".'
        )
    # Lightning announces each process; people are told by the progress of the run.
    logging.getLogger("lightning_fabric").setLevel(logging.WARNING)
    fabric = Fabric(
        accelerator=spec.device,
        devices=here,
        num_nodes=spec.processes // here,
        strategy="ddp",
        precision=spec.precision,
        plugins=[TorchElasticEnvironment()],
    )
    fabric.launch()
    return fabric
