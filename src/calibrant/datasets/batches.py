"""Batches for a network: rows picked, augmented and normalised as whole tensors on their device.

What is drawn depends on seed and epoch alone, so any epoch can be repeated without those before it.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
import torch
from torch import Generator, Tensor

from calibrant.datasets.augment import UNCHANGED, Augmentation, Draw
from calibrant.datasets.images import Images
from calibrant.datasets.mixup import Mix, draw_mix
from calibrant.datasets.normalisation import Normalisation
from calibrant.datasets.share import ALONE, Share
from calibrant.datasets.side_by_side import pick


@dataclass(frozen=True, eq=False)
class Batch:
    """Network inputs with their labels.

    Attributes
    ----------
    inputs : Tensor
        float32 (n, channels, height, width), normalised.
    labels : Tensor
        int64 (n,).
    size : int
        Images of the whole batch: n, and those of the other processes.
    mixed_in : MixedIn, optional
        What else is in the images.
    """

    inputs: Tensor
    labels: Tensor
    size: int
    mixed_in: MixedIn | None = None


@dataclass(frozen=True, eq=False)
class MixedIn:
    """The other half of images that were mixed.

    Attributes
    ----------
    share : float
        Weight of the other images, in 0..1.
    labels : Tensor
        int64 (n,), their labels.
    """

    share: float
    labels: Tensor


@dataclass(frozen=True)
class Batching:
    """How training batches are made.

    Attributes
    ----------
    batch_size : int
        Images per batch; the last batch of an epoch may be smaller.
    normalisation : Normalisation
        How inputs are made from pixels.
    augmentation : Augmentation
        What happens to each image at random.
    mixup : float
        α of the Beta distribution that images are mixed by; 0 leaves mixing out.
    layout : torch.memory_format
        Of inputs in memory.
    """

    batch_size: int
    normalisation: Normalisation
    augmentation: Augmentation = UNCHANGED
    mixup: float = 0.0
    layout: torch.memory_format = torch.channels_last

    def count(self, images: Images, share: Share = ALONE) -> int:
        """Return the number of batches in an epoch over `images`."""
        whole, rest = divmod(len(images), self.batch_size)
        return whole + (rest >= max(2, share.processes) or (rest > 0 and whole == 0))


def shuffled_batches(
    images: Images, batching: Batching, *, seed: int, epoch: int, share: Share = ALONE
) -> Iterator[Batch]:
    """Yield one epoch of shuffled, augmented batches.

    A last batch of a single image is left out, because batch normalisation has no spread to divide by, and
    so is one with fewer images than processes; which images those are changes with the epoch.

    Parameters
    ----------
    images : Images
        The training rows, on the device where the batches are wanted.
    batching : Batching
        Size, augmentation and normalisation.
    seed, epoch : int
        Together they decide the order, the augmentation and what is mixed.
    share : Share
        Which images of each batch are wanted. Every process draws for all of them.
    """
    generator = Generator().manual_seed(epoch_seed(seed, epoch, "batches"))
    mixing = np.random.default_rng(epoch_seed(seed, epoch, "mixup"))
    order = torch.randperm(len(images), generator=generator).to(images.labels.device)
    for rows in torch.split(order, batching.batch_size)[: batching.count(images, share)]:
        draw = batching.augmentation.draw(len(rows), generator)
        mix = draw_mix(len(rows), batching.mixup, mixing) if batching.mixup else None
        yield _batch(images, rows, draw, mix, batching, share)


def _batch(
    images: Images, rows: Tensor, draw: Draw, mix: Mix | None, batching: Batching, share: Share
) -> Batch:
    mine = share.rows(len(rows))
    if mix is None:
        inputs = _inputs(images, rows, draw, mine, batching)
        return Batch(inputs, images.labels[rows[mine]], len(rows))
    # An image that is both wanted and somebody's partner is augmented once.
    partners = mix.partners[mine]
    needed, places = np.unique(torch.cat([mine, partners]).numpy(), return_inverse=True)
    inputs = _inputs(images, rows, draw, torch.from_numpy(needed), batching)
    first, second = torch.split(pick(inputs, torch.from_numpy(places).to(inputs.device)), len(mine))
    labels = images.labels[rows]
    return Batch(
        torch.lerp(second, first, mix.share),
        labels[mine],
        len(rows),
        MixedIn(1 - mix.share, labels[partners]),
    )


def _inputs(images: Images, rows: Tensor, draw: Draw, wanted: Tensor, batching: Batching) -> Tensor:
    whole = len(wanted) == len(rows)
    pixels = (draw if whole else draw.select(wanted)).apply(
        pick(images.pixels, rows if whole else rows[wanted])
    )
    return batching.normalisation.apply(pixels).contiguous(memory_format=batching.layout)


def ordered_batches(images: Images, batch_size: int, normalisation: Normalisation) -> Iterator[Batch]:
    """Yield all images in their order, as they are, normalised."""
    all_pixels, all_labels = torch.split(images.pixels, batch_size), torch.split(images.labels, batch_size)
    for pixels, labels in zip(all_pixels, all_labels, strict=True):
        yield Batch(normalisation.apply(pixels), labels, len(labels))


def epoch_seed(seed: int, epoch: int, purpose: str) -> int:
    """Return the seed of one purpose in one epoch, well mixed: neighbouring numbers give unrelated seeds."""
    sequence = np.random.SeedSequence((seed, epoch, *purpose.encode()))
    return int(sequence.generate_state(1, np.uint64)[0] >> np.uint64(1))
