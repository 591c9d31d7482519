"""Runs of recipes on a handful of images."""

from __future__ import annotations

from collections.abc import Iterator
from functools import partial
from pathlib import Path
from typing import Any

import datasets
import numpy as np
import pytest
import timm
import torch
from PIL import Image
from safetensors.torch import save_file

from calibrant.nets.registry import build
from calibrant.recipes.library import load_recipe
from calibrant.recipes.recipe import Recipe

_VGG = [4, 4, "M", 8, 8, "M", 8, 8, 8, "M", 16, 16, 16, "M", 16, 16, 16, "M"]
_NARROW: dict[str, dict[str, Any]] = {
    "densenet121": {"growth_rate": 4, "block_config": (1, 1, 1, 1)},
    "resnet34": {"layers": (1, 1, 1, 1), "channels": (8, 8, 16, 16)},
    "vgg16": {},
    "vgg16_bn": {},
}
TINY = ("train.epochs=1", "train.batch_size=8", "train.device=cpu", "train.threads=1")


@pytest.fixture(scope="session", autouse=True)
def _small_and_alone(tmp_path_factory: pytest.TempPathFactory) -> Iterator[None]:
    """One thread, lest tests side by side wait for each other, a cache of images of our own, a plain page."""
    threads = torch.get_num_threads()
    torch.set_num_threads(1)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(datasets.config, "HF_DATASETS_CACHE", tmp_path_factory.mktemp("hugging-face"))
        yield
    torch.set_num_threads(threads)


@pytest.fixture(scope="module")
def narrow_networks() -> Iterator[None]:
    """Networks of the library with few filters and layers: what is tested is what is done with them."""
    create = timm.create_model
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(timm, "create_model", partial(_create_narrow, create))
        patch.setitem(timm.models.vgg.cfgs, "vgg16", _VGG)
        yield


def _create_narrow(create: Any, name: str, **options: Any) -> Any:
    return create(name, **options, **_NARROW[name])


def tiny(name: str, weights: Path | None = None) -> Recipe:
    """A recipe of the library, cut down to two steps of training.

    Published weights are replaced by those of a file, or by none.
    """
    recipe = load_recipe(name)
    settings = ["data.train_rows=16"] if recipe.data.name == "digits" else []
    if recipe.data.label_column is not None:
        settings += ["data.label_column=label", "data.validation=0.2"]
    if recipe.net.input_size is not None:
        settings.append("net.input_size=32")
    if recipe.net.pretrained is True:
        settings.append("net.pretrained=false")
        if weights is not None:
            settings.append(f"net.weights={weights}")
    return load_recipe(name, (*TINY, *settings))


def drawn_weights(recipe: Recipe, path: Path) -> Path:
    """Write random weights of a recipe's network, with ten classes, in place of the published ones."""
    settings = {"pretrained": False, "input_size": None}
    net = build(recipe.net.model_copy(update=settings), classes=10, channels=3, image_size=32, seed=5)
    save_file(net.state_dict(), path)
    return path


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
