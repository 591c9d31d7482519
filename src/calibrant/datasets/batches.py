"""Batches for a network: rows picked, augmented and normalised as whole tensors on their device.

What is drawn depends on seed and epoch alone, so any epoch can be repeated without those before it.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
import torch
from torch import Generator, Tensor

from calibrant.datasets.augment import random_crop, random_flip
from calibrant.datasets.images import Images
from calibrant.datasets.normalisation import Normalisation


@dataclass(frozen=True, eq=False)
class Batch:
    """Network inputs with their labels.

    Attributes
    ----------
    inputs : Tensor
        float32 (n, channels, height, width), normalised.
    labels : Tensor
        int64 (n,).
    """

    inputs: Tensor
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
    crop_padding : int
        Black pixels added to each side before a random crop to the old size; 0 leaves it out.
    flip : bool
        Whether half of the images are mirrored left to right.
    """

    batch_size: int
    normalisation: Normalisation
    crop_padding: int = 0
    flip: bool = False

    def count(self, images: Images) -> int:
        """Return the number of batches in an epoch over `images`."""
        whole, rest = divmod(len(images), self.batch_size)
        return whole + (rest > 1 or (rest == 1 and whole == 0))


def shuffled_batches(images: Images, batching: Batching, *, seed: int, epoch: int) -> Iterator[Batch]:
    """Yield one epoch of shuffled, augmented batches.

    A last batch of a single image is left out, because batch normalisation has no spread to divide by;
    which image that is changes with the epoch.

    Parameters
    ----------
    images : Images
        The training rows, on the device where the batches are wanted.
    batching : Batching
        Size, augmentation and normalisation.
    seed, epoch : int
        Together they decide the order, the crops and the flips.
    """
    generator = Generator().manual_seed(epoch_seed(seed, epoch, "batches"))
    order = torch.randperm(len(images), generator=generator).to(images.labels.device)
    for rows in torch.split(order, batching.batch_size)[: batching.count(images)]:
        pixels = images.pixels[rows]
        if batching.crop_padding:
            pixels = random_crop(pixels, batching.crop_padding, generator)
        if batching.flip:
            pixels = random_flip(pixels, generator)
        yield Batch(batching.normalisation.apply(pixels), images.labels[rows])


def ordered_batches(images: Images, batch_size: int, normalisation: Normalisation) -> Iterator[Batch]:
    """Yield all images in their order, as they are, normalised."""
    all_pixels, all_labels = torch.split(images.pixels, batch_size), torch.split(images.labels, batch_size)
    for pixels, labels in zip(all_pixels, all_labels, strict=True):
        yield Batch(normalisation.apply(pixels), labels)


def epoch_seed(seed: int, epoch: int, purpose: str) -> int:
    """Return the seed of one purpose in one epoch, well mixed: neighbouring numbers give unrelated seeds."""
    sequence = np.random.SeedSequence((seed, epoch, *purpose.encode()))
    return int(sequence.generate_state(1, np.uint64)[0] >> np.uint64(1))
