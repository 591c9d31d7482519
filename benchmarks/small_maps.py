"""Time a training step of networks made for 224 pixels on 32, with and without `calibrant.nets.small_maps`.

    python -m benchmarks.small_maps

One thread, batches of 128; steps of both alternate in one run, and the shortest of each counts.
"""

from __future__ import annotations

import platform
import time
from collections.abc import Callable
from importlib.metadata import version

import torch
from torch import nn

from calibrant.nets import small_maps
from calibrant.nets.registry import build
from calibrant.nets.spec import NetSpec

NETS = {
    "ResNet-34": NetSpec(name="timm/resnet34"),
    "DenseNet-121": NetSpec(name="timm/densenet121"),
    "VGG-16, pooled": NetSpec(name="timm/vgg16_bn", classifier="pooled"),
}
IMAGES, CLASSES, SIDE, REPEATS = 128, 100, 32, 3


def main() -> None:
    """Print the table."""
    torch.set_num_threads(1)
    print(
        f"{platform.machine()}, torch {version('torch')}, 1 thread, {IMAGES} images of {SIDE} pixels a side\n"
    )
    print("| network | PyTorch's convolutions, ms a step | with the short way, ms | ratio |")
    print("|---|--:|--:|--:|")
    for name, spec in NETS.items():
        short = build(spec, classes=CLASSES, channels=3, image_size=SIDE, seed=0)
        plain = build(spec, classes=CLASSES, channels=3, image_size=SIDE, seed=0)
        for layer in plain.modules():
            if type(layer) is small_maps.Conv2d:
                layer.__class__ = nn.Conv2d
        steps = step_of(plain), step_of(short)
        times = [[seconds(step) for step in steps] for _ in range(REPEATS + 1)][1:]
        usual, ours = (min(column) for column in zip(*times, strict=True))
        print(f"| {name} | {usual * 1e3:,.0f} | {ours * 1e3:,.0f} | {usual / ours:.2f} |", flush=True)


def step_of(net: nn.Module) -> Callable[[], None]:
    net = net.to(memory_format=torch.channels_last)  # type: ignore[call-overload]
    images = torch.randn(IMAGES, 3, SIDE, SIDE).contiguous(memory_format=torch.channels_last)
    labels = torch.randint(CLASSES, (IMAGES,))
    optimiser = torch.optim.SGD(net.parameters(), lr=0.01, momentum=0.9)

    def step() -> None:
        optimiser.zero_grad()
        nn.functional.cross_entropy(net(images), labels).backward()
        optimiser.step()

    return step


def seconds(work: Callable[[], None]) -> float:
    start = time.process_time()
    work()
    return time.process_time() - start


if __name__ == "__main__":
    main()
