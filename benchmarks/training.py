"""Time an epoch of training against the usual way, and the share of it that making batches costs.

The usual way: a PyTorch ``DataLoader`` with two workers that crops, mirrors and normalises images one by one
with Pillow and torchvision, and a plain loop. Same network, images, batch size and optimiser; epochs of both
alternate in one run, and the shortest of each counts. Needs the bird and cat images under $CALIBRANT_DATA.
"""

from __future__ import annotations

import argparse
import os
import platform
import time
from collections.abc import Callable
from dataclasses import dataclass
from importlib.metadata import version

import torch
from lightning_fabric import Fabric
from PIL import Image
from torch import Tensor, nn
from torch.utils.data import DataLoader, Dataset
from torchvision import transforms

from calibrant.datasets.augment import Augmentation
from calibrant.datasets.batches import Batching, shuffled_batches
from calibrant.datasets.images import ImageData, Images
from calibrant.datasets.load import load
from calibrant.datasets.spec import DataSpec
from calibrant.nets.heads import head_named
from calibrant.nets.registry import build
from calibrant.nets.spec import NetSpec
from calibrant.train.epoch import reproducible, train_epoch
from calibrant.train.optimiser import make_optimiser
from calibrant.train.progress import BatchReport, Silent
from calibrant.train.spec import TrainSpec

NETS = ("lenet5", "cifar-resnet")
PADDING = 4


class OneByOne(Dataset[tuple[Tensor, int]]):
    """Images as Pillow sees them, changed one at a time, as torchvision's own data sets do it."""

    def __init__(self, data: ImageData, rows: int) -> None:
        self.pixels = data.train.pixels[:rows].permute(0, 2, 3, 1).numpy()
        self.labels = data.train.labels[:rows].tolist()
        self.transform = transforms.Compose(
            [
                transforms.RandomCrop(data.image_size, padding=PADDING),
                transforms.RandomHorizontalFlip(),
                transforms.ToTensor(),
                transforms.Normalize(data.normalisation.mean, data.normalisation.std),
            ]
        )

    def __len__(self) -> int:
        return len(self.labels)

    def __getitem__(self, row: int) -> tuple[Tensor, int]:
        return self.transform(Image.fromarray(self.pixels[row])), self.labels[row]


@dataclass(frozen=True)
class Times:
    """Shortest seconds of an epoch: ours, the usual way, and making our batches alone."""

    ours: float
    usual: float
    batches: float


def measure(name: str, data: ImageData, spec: TrainSpec, rows: int, n: int) -> Times:
    """Run `n` epochs of a network each way, in turn."""
    images = Images(data.train.pixels[:rows], data.train.labels[:rows])
    batching = Batching(spec.batch_size, data.normalisation, Augmentation(crop_padding=PADDING, flip=True))
    head, fabric = head_named("softmax", classes=len(data.classes)), Fabric(accelerator="cpu", devices=1)
    net, usual_net = (
        build(NetSpec(name=name), classes=len(data.classes), channels=3, image_size=32, seed=0)
        for _ in range(2)
    )
    net = net.to(memory_format=torch.channels_last)
    module, optimiser = fabric.setup(net, make_optimiser(net.parameters(), spec))
    usual_optimiser = torch.optim.Adam(usual_net.parameters(), lr=spec.learning_rate)
    loader = DataLoader(
        OneByOne(data, rows), spec.batch_size, shuffle=True, num_workers=2, persistent_workers=True
    )
    count = batching.count(images)
    report, rates = BatchReport(1, 1, 0, count, 0.0, 0.0), [spec.learning_rate] * count

    def ours(epoch: int) -> None:
        with reproducible(epoch, fabric.device):
            batches = shuffled_batches(images, batching, seed=0, epoch=epoch)
            train_epoch(
                fabric, module, optimiser, head, head.loss, batches, rates, start=report, progress=Silent()
            )

    def usual(_epoch: int) -> None:
        usual_net.train()
        for inputs, labels in loader:
            usual_optimiser.zero_grad()
            nn.functional.cross_entropy(usual_net(inputs), labels).backward()
            usual_optimiser.step()

    def batches_alone(epoch: int) -> None:
        for _batch in shuffled_batches(images, batching, seed=0, epoch=epoch):
            pass

    seconds: dict[Callable[[int], None], list[float]] = {ours: [], usual: [], batches_alone: []}
    for epoch in range(n + 1):
        for run, taken in seconds.items():
            start = time.perf_counter()
            run(epoch)
            taken.append(time.perf_counter() - start)
    # The first epoch starts the workers and warms the caches.
    return Times(*(min(taken[1:]) for taken in seconds.values()))


def main() -> None:
    """Run the benchmark."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--epochs", type=int, default=5, help="epochs of each way")
    parser.add_argument("--rows", type=int, default=8000, help="training images")
    parser.add_argument("--nets", nargs="+", choices=NETS, default=NETS, help="which networks")
    options = parser.parse_args()
    spec = TrainSpec(batch_size=64)
    data = load(DataSpec(name="uoft-cs/cifar10", local="cifar10-bird-cat", classes=("bird", "cat")))
    rows = min(options.rows, len(data.train))
    print(f"{rows:,} images of 32 × 32, batches of {spec.batch_size}, {os.cpu_count()} cores, ", end="")
    print(f"{torch.get_num_threads()} threads, {platform.machine()}; ", end="")
    print(", ".join(f"{name} {version(name)}" for name in ("torch", "torchvision", "pillow")))
    print("\n| | seconds an epoch | the usual way | times faster | making batches | share |")
    print("|---|--:|--:|--:|--:|--:|")
    for name in options.nets:
        times = measure(name, data, spec, rows, options.epochs)
        ratio, share = times.usual / times.ours, times.batches / times.ours
        print(
            f"| {name} | {times.ours:.2f} | {times.usual:.2f} | {ratio:.2f} "
            f"| {times.batches:.3f} | {share:.1%} |"
        )


if __name__ == "__main__":
    main()
