"""Small image data sets on disk, as users bring them."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from io import BytesIO
from pathlib import Path

import datasets
import numpy as np
import numpy.typing as npt
import pytest
from PIL import Image

ANIMALS = ["airplane", "bird", "cat", "dog"]

Pixels = npt.NDArray[np.uint8]


@pytest.fixture(autouse=True)
def _own_hugging_face_cache(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(datasets.config, "HF_DATASETS_CACHE", tmp_path / "hugging-face")
    monkeypatch.delenv("CALIBRANT_DATA", raising=False)


@pytest.fixture
def random_images() -> Callable[..., list[Pixels]]:
    """Return a function that makes images."""

    def make(n: int, *, seed: int = 0, size: int = 8, channels: int = 3) -> list[Pixels]:
        shape = (n, size, size) if channels == 1 else (n, size, size, channels)
        return list(np.random.default_rng(seed).integers(0, 256, shape, dtype=np.uint8))

    return make


@pytest.fixture
def png() -> Callable[[Pixels], bytes]:
    """Return a function that encodes an image."""

    def encode(pixels: Pixels) -> bytes:
        file = BytesIO()
        Image.fromarray(pixels).save(file, "png")
        return file.getvalue()

    return encode


@pytest.fixture
def write_parquet(png: Callable[[Pixels], bytes]) -> Callable[..., None]:
    """Return a function that writes rows as the hub does: encoded images, and labels with their names."""

    def write(
        path: Path, images: Sequence[Pixels | bytes], labels: Sequence[object], **label_columns: object
    ) -> None:
        columns = label_columns or {"label": datasets.ClassLabel(names=ANIMALS)}
        content = [
            {"bytes": image if isinstance(image, bytes) else png(image), "path": None} for image in images
        ]
        rows = {"img": content, **{key: list(labels) for key in columns}}
        features = datasets.Features({"img": datasets.Image(), **columns})
        path.parent.mkdir(parents=True, exist_ok=True)
        datasets.Dataset.from_dict(rows, features).to_parquet(path)

    return write


@pytest.fixture
def animals(
    tmp_path: Path, write_parquet: Callable[..., None], random_images: Callable[..., list[Pixels]]
) -> Path:
    """Return a folder with 40 training and 8 test images of four classes, in turn."""
    folder = tmp_path / "animals"
    write_parquet(folder / "train.parquet", random_images(40), [row % 4 for row in range(40)])
    write_parquet(folder / "test.parquet", random_images(8, seed=1), [row % 4 for row in range(8)])
    return folder
