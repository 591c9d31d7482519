"""The nouns of the package: decoded images with labels, and a data set ready to train on.

They hold uint8 pixels as they were decoded; normalising happens when a batch is made.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import accumulate, chain, pairwise

import torch
from torch import Tensor

from calibrant.datasets.normalisation import Normalisation
from calibrant.datasets.side_by_side import pick, rearrange


@dataclass(frozen=True, eq=False)
class Images:
    """Images of one size with their labels.

    Attributes
    ----------
    pixels : Tensor
        uint8 (n, channels, height, width) in any layout; batches are made fastest of colours side by side.
    labels : Tensor
        int64 (n,), in 0..k−1.
    """

    pixels: Tensor
    labels: Tensor

    def __len__(self) -> int:
        return len(self.labels)

    def select(self, rows: list[int]) -> Images:
        """Return a copy of some rows, in the order given."""
        index = torch.tensor(rows, dtype=torch.int64, device=self.labels.device)
        return Images(pick(self.pixels, index), self.labels[index])

    def divide(self, parts: Sequence[list[int]]) -> list[Images]:
        """Return the parts that rows are divided into, each in the order given.

        Where no row is left over the images change places here, and the parts are views of them: copies would
        need their memory once more.
        """
        order = list(chain.from_iterable(parts))
        if len(order) < len(self):
            return [self.select(part) for part in parts]
        rearrange(self.pixels, order)
        self.labels.copy_(self.labels[torch.tensor(order, dtype=torch.int64)])
        ends = pairwise(accumulate(map(len, parts), initial=0))
        return [Images(self.pixels[start:stop], self.labels[start:stop]) for start, stop in ends]

    def to(self, device: torch.device) -> Images:
        """Return the images on `device`."""
        return Images(self.pixels.to(device), self.labels.to(device))


@dataclass(frozen=True, eq=False)
class Source:
    """What a source of data delivers before it is split.

    Attributes
    ----------
    train : Images
        The rows to train on and to hold validation rows out of.
    test : Images or None
        The official test rows, where the source has some.
    classes : tuple of str
        Names of the classes 0..k−1.
    skipped : tuple of str
        Images that could not be read and were left out: the place of each, and why.
    """

    train: Images
    test: Images | None
    classes: tuple[str, ...]
    skipped: tuple[str, ...] = ()


@dataclass(frozen=True, eq=False)
class ImageData:
    """A data set, split and ready to train on.

    Attributes
    ----------
    train, validation, test : Images
        The rows to train on, to fit calibrators on, and to report on.
    classes : tuple of str
        Names of the classes 0..k−1.
    split_hash : str
        SHA-256 of which images are in which part, whatever the order of the rows.
    normalisation : Normalisation
        How inputs are made from pixels.
    skipped : tuple of str
        Images that could not be read and were left out: the place of each, and why.
    """

    train: Images
    validation: Images
    test: Images
    classes: tuple[str, ...]
    split_hash: str
    normalisation: Normalisation
    skipped: tuple[str, ...] = ()

    @property
    def channels(self) -> int:
        """Number of channels of the images: 1 or 3."""
        return self.train.pixels.shape[1]

    @property
    def image_size(self) -> int:
        """Side of the square images in pixels."""
        return self.train.pixels.shape[-1]
