"""Runs of recipes on a handful of images."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import datasets
import numpy as np
import pytest
import torch
from PIL import Image

from calibrant.recipes.library import load_recipe
from calibrant.recipes.recipe import Recipe

TINY = ("train.epochs=1", "train.batch_size=8", "train.device=cpu", "train.threads=1")


@pytest.fixture(scope="session", autouse=True)
def _small_and_alone(tmp_path_factory: pytest.TempPathFactory) -> Iterator[None]:
    """One thread, lest tests side by side wait for each other, and a cache of images of our own."""
    threads = torch.get_num_threads()
    torch.set_num_threads(1)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(datasets.config, "HF_DATASETS_CACHE", tmp_path_factory.mktemp("hugging-face"))
        yield
    torch.set_num_threads(threads)


def tiny(name: str) -> Recipe:
    """A recipe of the library, cut down to two steps of training."""
    data = ("data.train_rows=16",) if load_recipe(name).data.name == "digits" else ()
    return load_recipe(name, (*TINY, *data))


def image_folder(folder: Path, classes: tuple[str, ...], *, per_class: tuple[int, int] = (10, 8)) -> Path:
    """Write noise as images in one folder per class; a class is as bright as its number."""
    generator = np.random.default_rng(0)
    for split, count in zip(("train", "test"), per_class, strict=True):
        for number, name in enumerate(classes):
            place = folder / split / name
            place.mkdir(parents=True)
            for index in range(count):
                pixels = generator.integers(0, 150, (32, 32, 3)) + 100 * number // len(classes)
                Image.fromarray(pixels.astype(np.uint8)).save(place / f"{index}.png")
    return folder


@pytest.fixture(scope="session")
def birds_and_cats(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return a folder with 20 training and 16 test images of two classes."""
    return image_folder(tmp_path_factory.mktemp("images"), ("bird", "cat"))
