"""What a data set holds, counted and measured exactly."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from calibrant.datasets.spec import DataSpec
from calibrant.datasets.statistics import data_statistics
from calibrant.errors import DataUnavailable


def test_images_classes_sizes_and_channels_by_hand(animals: Path, random_images: Callable) -> None:
    seen: list[int] = []
    found = data_statistics(
        DataSpec(name="x", classes=("cat", "bird")), data_path=animals, progress=seen.append
    )
    assert found.classes == ("cat", "bird")
    assert found.place == str(animals)
    assert found.splits["train"].per_class == (10, 10)
    assert found.splits["test"].per_class == (2, 2)
    assert found.splits["train"].sizes == (((8, 8), 20),)
    assert sum(seen) == 24
    pixels = np.stack([image for row, image in enumerate(random_images(40)) if row % 4 in (1, 2)]) / 255
    assert [channel.mean for channel in found.channels] == pytest.approx(
        pixels.mean(axis=(0, 1, 2)), rel=1e-13
    )
    assert [channel.std for channel in found.channels] == pytest.approx(pixels.std(axis=(0, 1, 2)), rel=1e-13)


def test_sizes_that_differ_weigh_by_their_pixels(tmp_path: Path) -> None:
    for name, side, value in (("dark", 2, 0), ("light", 4, 255)):
        (tmp_path / name).mkdir()
        Image.fromarray(np.full((side, 2 * side), value, np.uint8)).save(tmp_path / name / "0.png")
    found = data_statistics(DataSpec(name=str(tmp_path)))
    assert not found.one_size
    assert found.splits["train"].sizes == (((4, 2), 1), ((8, 4), 1))
    (grey,) = found.channels
    assert grey.mean == pytest.approx(32 / 40)
    assert grey.std == pytest.approx((0.8 * 0.2) ** 0.5)


def test_grey_among_colour_counts_in_every_channel(tmp_path: Path) -> None:
    for name, pixels in (
        ("a", np.full((2, 2), 255, np.uint8)),
        ("b", np.array([[[255, 0, 0]] * 2] * 2, np.uint8)),
    ):
        (tmp_path / name).mkdir()
        Image.fromarray(pixels).save(tmp_path / name / "0.png")
    found = data_statistics(DataSpec(name=str(tmp_path)))
    assert [channel.mean for channel in found.channels] == [1.0, 0.5, 0.5]
    assert [channel.std for channel in found.channels] == [0.0, 0.5, 0.5]


def test_digits_have_no_test_rows() -> None:
    found = data_statistics(DataSpec(name="digits"))
    assert list(found.splits) == ["train"]
    assert found.splits["train"].images == 1797
    assert found.splits["train"].sizes == (((32, 32), 1797),)
    assert len(found.channels) == 1


def test_damage_stops_or_is_left_out(tmp_path: Path, random_images: Callable, png: Callable) -> None:
    for name, content in (("a", png(random_images(1)[0])), ("b", b"")):
        (tmp_path / name).mkdir()
        (tmp_path / name / "0.png").write_bytes(content)
    with pytest.raises(DataUnavailable, match=r"b/0\.png is not a readable image \(it is empty\)"):
        data_statistics(DataSpec(name=str(tmp_path)))
    found = data_statistics(DataSpec(name=str(tmp_path), on_corrupt="skip"))
    assert found.splits["train"].per_class == (1, 0)
    assert found.skipped == (f"the image {tmp_path / 'b' / '0.png'} (it is empty)",)
    (tmp_path / "a" / "0.png").write_bytes(b"")
    with pytest.raises(DataUnavailable, match="none of the training images"):
        data_statistics(DataSpec(name=str(tmp_path), on_corrupt="skip"))


@pytest.mark.data
def test_the_channels_of_cifar100(calibrant_data: Path) -> None:
    """The constants that the field prints for CIFAR-100, over all 50,000 training images, to every digit."""
    found = data_statistics(DataSpec(name="cifar100"), data_path=calibrant_data / "cifar100")
    assert [f"{channel.mean:.8f}" for channel in found.channels] == ["0.50707516", "0.48654887", "0.44091784"]
    assert [f"{channel.std:.8f}" for channel in found.channels] == ["0.26733429", "0.25643846", "0.27615047"]
    assert set(found.splits["train"].per_class) == {500}
    assert set(found.splits["test"].per_class) == {100}
    assert found.one_size
