"""One call gives a data set that is ready to train on, the same wherever it comes from."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import datasets
import pytest
import torch

from calibrant.datasets.load import load
from calibrant.datasets.normalisation import of_pixels
from calibrant.datasets.spec import DataSpec
from calibrant.errors import DataUnavailable


def test_digits_with_few_training_rows() -> None:
    data = load(DataSpec(name="digits", train_rows=200))
    assert (len(data.train), len(data.validation), len(data.test)) == (200, 798, 799)
    assert (data.channels, data.image_size) == (1, 32)
    assert data.normalisation == of_pixels(data.train.pixels)


def test_loading_twice_gives_the_same() -> None:
    first, second = (load(DataSpec(name="digits", train_rows=50)) for _ in range(2))
    assert first.split_hash == second.split_hash
    assert torch.equal(first.train.pixels, second.train.pixels)


def test_a_folder_in_another_order_splits_alike(
    tmp_path: Path, animals: Path, write_parquet: Callable, random_images: Callable
) -> None:
    images, labels = random_images(40), [row % 4 for row in range(40)]
    other = tmp_path / "other"
    write_parquet(other / "train.parquet", images[::-1], labels[::-1])
    write_parquet(other / "test.parquet", random_images(8, seed=1), [row % 4 for row in range(8)])
    spec = DataSpec(name="someone/animals", classes=("bird", "cat"))
    first, second = load(spec, data_path=animals), load(spec, data_path=other)
    assert first.split_hash == second.split_hash
    assert torch.equal(first.train.pixels, second.train.pixels)
    assert torch.equal(first.validation.labels, second.validation.labels)
    assert first.normalisation == second.normalisation


def test_a_path_overrides_the_digits(animals: Path) -> None:
    assert load(DataSpec(name="digits"), data_path=animals).classes == ("airplane", "bird", "cat", "dog")


def test_the_environment_replaces_the_hub(animals: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("CALIBRANT_DATA", str(animals.parent))
    monkeypatch.setattr(datasets.config, "HF_HUB_OFFLINE", True)
    assert len(load(DataSpec(name="someone/animals", local="animals")).train) == 32


@pytest.mark.data
def test_birds_and_cats_of_cifar10(calibrant_data: Path) -> None:
    spec = DataSpec(name="uoft-cs/cifar10", classes=("bird", "cat"), normalise="half")
    data = load(spec, data_path=calibrant_data / "cifar10-bird-cat")
    assert (len(data.train), len(data.validation), len(data.test)) == (8000, 2000, 2000)
    assert data.test.labels.bincount().tolist() == [1000, 1000]
    assert data.normalisation.mean == (0.5, 0.5, 0.5)
    assert data.split_hash.startswith("83bb504a")


@pytest.mark.data
def test_fine_labels_of_cifar100(calibrant_data: Path) -> None:
    spec = DataSpec(name="uoft-cs/cifar100", classes=("wolf", "apple"), label_column="fine_label")
    data = load(spec, data_path=calibrant_data / "cifar100")
    assert (len(data.train), len(data.validation), len(data.test)) == (800, 200, 200)
    assert data.classes == ("wolf", "apple")


def test_damaged_images_are_left_out_of_every_part_with_their_labels(
    tmp_path: Path, write_parquet: Callable, random_images: Callable, png: Callable
) -> None:
    images: list[object] = list(random_images(40))
    whole, damaged = tmp_path / "whole", tmp_path / "damaged"
    labels = [row % 4 for row in range(40)]
    write_parquet(whole / "train.parquet", images[:2] + images[3:], labels[:2] + labels[3:])
    images[2] = png(images[2])[:50]
    write_parquet(damaged / "train.parquet", images, labels)
    with pytest.raises(DataUnavailable, match=r"the image in row 2 of train in .* is not a readable image"):
        load(DataSpec(name=str(damaged)))
    data = load(DataSpec(name=str(damaged), on_corrupt="skip"))
    (said,) = data.skipped
    assert said.startswith(f"the image in row 2 of train in {damaged} (")
    expected = load(DataSpec(name=str(whole)))
    assert data.split_hash == expected.split_hash
    assert torch.equal(data.train.labels, expected.train.labels)
    assert expected.skipped == ()


def test_a_row_without_an_image_is_damage(tmp_path: Path, random_images: Callable, png: Callable) -> None:
    features = datasets.Features({"img": datasets.Image(), "label": datasets.ClassLabel(names=["a", "b"])})
    content = [{"bytes": png(image), "path": None} for image in random_images(12)]
    rows = {"img": [*content, None], "label": [row % 2 for row in range(13)]}
    (tmp_path / "rows").mkdir()
    datasets.Dataset.from_dict(rows, features).to_parquet(tmp_path / "rows" / "train.parquet")
    data = load(DataSpec(name=str(tmp_path / "rows"), on_corrupt="skip"))
    assert data.skipped == (f"the image in row 12 of train in {tmp_path / 'rows'} (it is empty)",)
