"""Weights, checkpoints and images."""

from __future__ import annotations

from pathlib import Path

import torch

from calibrant.datasets.decode import EncodedImage, decode_images
from calibrant.errors import DataUnavailable
from calibrant.nets.weights import read_run, read_weights
from calibrant.train.checkpoint import NAME, read_checkpoint
from tools.fuzz.verdict import Finding, attempt


def weights(content: bytes, folder: Path) -> None:
    """Read a file of weights, as safetensors, as PyTorch saves it, and as the work of a run."""
    for name in ("weights.pt", "model.safetensors"):
        path = folder / name
        path.write_bytes(content)
        attempt(lambda path=path: read_weights(path))  # type: ignore[misc]
    attempt(lambda: read_run(folder))


def checkpoint(content: bytes, folder: Path) -> None:
    """Read the state of a run that was stopped."""
    (folder / NAME).write_bytes(content)
    attempt(lambda: read_checkpoint(folder, torch.device("cpu")))


def image(content: bytes, folder: Path) -> None:
    """Decode an image, as bytes and as a file; then leave it out where that cannot be done."""
    path = folder / "image"
    path.write_bytes(content)
    for picture in (content, path):
        image = EncodedImage(picture, "the image")
        attempt(lambda image=image: decode_images([image], image_size=8))  # type: ignore[misc]
    attempt(lambda: _skipping(content))


def _skipping(content: bytes) -> None:
    try:
        decode_images([EncodedImage(content, "the image")], image_size=8, on_corrupt="skip")
    except DataUnavailable as error:
        if "none of 1 images" not in str(error):
            raise Finding("an image that cannot be read is not left out") from error
