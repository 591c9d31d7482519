"""Small runs for the tests: a few random images, LeNet-5 with dropout, three epochs of augmented batches."""

from __future__ import annotations

from pathlib import Path

import torch
from torch import Generator, Tensor, nn

from calibrant.datasets.images import ImageData, Images
from calibrant.datasets.normalisation import Normalisation
from calibrant.nets.heads import head_named
from calibrant.nets.registry import build
from calibrant.nets.spec import NetSpec
from calibrant.train.loop import TrainResult, fit
from calibrant.train.progress import Progress
from calibrant.train.spec import TrainSpec

EPOCHS = 3


def images(n: int, seed: int) -> Images:
    """Return noise, brighter for class 1 than for class 0."""
    generator = Generator().manual_seed(seed)
    labels = torch.randint(2, (n,), generator=generator)
    noise = torch.randint(200, (n, 3, 32, 32), dtype=torch.uint8, generator=generator)
    return Images(noise + (20 * labels)[:, None, None, None].to(torch.uint8), labels)


def data(seed: int = 0) -> ImageData:
    """Return 70 images to train on, 40 to validate on, 30 to test on."""
    parts = [images(n, seed + offset) for offset, n in enumerate((70, 40, 30))]
    return ImageData(*parts, ("dark", "bright"), f"split {seed}", Normalisation((0.5,) * 3, (0.5,) * 3))


def network(seed: int = 0, *, head: str = "softmax") -> nn.Module:
    """Return a fresh network with dropout and batch norm."""
    spec = NetSpec.model_validate({"name": "lenet5", "head": head, "dropout": 0.3, "batch_norm": True})
    return build(spec, classes=2, channels=3, image_size=32, seed=seed)


def run(
    folder: Path,
    *,
    net: nn.Module | None = None,
    seed: int = 0,
    split: int = 0,
    progress: Progress | None = None,
    **options: object,
) -> TrainResult:
    """Train, or go on training, in `folder`."""
    settings = {
        "epochs": EPOCHS,
        "batch_size": 16,
        "device": "cpu",
        "crop_padding": 2,
        "flip": True,
        **options,
    }
    return fit(
        network(seed) if net is None else net,
        head_named("softmax", classes=2),
        data(split),
        TrainSpec.model_validate(settings),
        folder=folder,
        seed=seed,
        progress=progress,
    )


def weights(net: nn.Module) -> dict[str, Tensor]:
    """Return a copy of all weights and statistics."""
    return {name: tensor.clone() for name, tensor in net.state_dict().items()}


def same_weights(first: nn.Module, second: nn.Module) -> bool:
    """Return whether two networks agree bit for bit."""
    pairs = zip(first.state_dict().items(), second.state_dict().items(), strict=True)
    return all(name == other and torch.equal(one, two) for (name, one), (other, two) in pairs)
