"""Telling how many images have been read; drawing it is left to the caller."""

from __future__ import annotations

from typing import Protocol


class Progress(Protocol):
    """Called while images are read."""

    def __call__(self, images: int) -> None:
        """Take note that so many more images have been read."""


def silent(images: int) -> None:
    """Take no note."""
