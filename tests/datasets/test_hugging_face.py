"""Parquet folders, image folders and the hub come out as the same kind of source."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import datasets
import numpy as np
import pytest
import torch
from datasets.exceptions import DatasetNotFoundError

from calibrant.datasets.hugging_face import read
from calibrant.datasets.images import Source
from calibrant.datasets.spec import DataSpec
from calibrant.errors import DataUnavailable


def spec(**options: object) -> DataSpec:
    return DataSpec.model_validate({"name": "someone/animals", **options})


def write_folders(folder: Path, images: dict[str, list[bytes]]) -> None:
    for place, contents in images.items():
        (folder / place).mkdir(parents=True)
        for number, content in enumerate(contents):
            (folder / place / f"{number}.png").write_bytes(content)


def test_a_parquet_folder(animals: Path, random_images: Callable) -> None:
    source = read(spec(), animals)
    assert source.classes == ("airplane", "bird", "cat", "dog")
    np.testing.assert_array_equal(source.train.pixels.permute(0, 2, 3, 1), random_images(40))
    assert source.train.labels.tolist() == [row % 4 for row in range(40)]
    assert source.test is not None
    assert len(source.test) == 8


def test_classes_are_filtered_and_relabelled_with_their_images(
    animals: Path, random_images: Callable
) -> None:
    source = read(spec(classes=["cat", "bird"]), animals)
    rows = [row for row in range(40) if row % 4 in (1, 2)]
    assert source.classes == ("cat", "bird")
    assert source.train.labels.tolist() == [0 if row % 4 == 2 else 1 for row in rows]
    np.testing.assert_array_equal(
        source.train.pixels.permute(0, 2, 3, 1), [random_images(40)[row] for row in rows]
    )


def test_files_named_as_on_the_hub(animals: Path) -> None:
    whole = read(spec(), animals)
    (animals / "data").mkdir()
    (animals / "train.parquet").rename(animals / "data" / "train-00000-of-00001.parquet")
    (animals / "test.parquet").rename(animals / "data" / "test-00000-of-00001.parquet")
    assert torch.equal(read(spec(), animals).train.pixels, whole.train.pixels)


def test_image_folders_with_splits(tmp_path: Path, png: Callable, random_images: Callable) -> None:
    contents = [png(image) for image in random_images(6)]
    folder = tmp_path / "pictures"
    write_folders(
        folder,
        {
            "train/cat": contents[:2],
            "train/bird": contents[2:4],
            "test/cat": contents[4:5],
            "test/bird": contents[5:],
        },
    )
    source = read(spec(), folder)
    assert source.classes == ("bird", "cat")
    assert source.train.labels.bincount().tolist() == [2, 2]
    assert source.test is not None
    assert source.test.labels.bincount().tolist() == [1, 1]


def test_an_image_folder_without_splits_has_training_rows_only(
    tmp_path: Path, png: Callable, random_images: Callable
) -> None:
    folder = tmp_path / "pictures"
    write_folders(
        folder, {name: [png(image) for image in random_images(3)] for name in ("cat", "test_pilot")}
    )
    source = read(spec(), folder)
    assert source.classes == ("cat", "test_pilot")
    assert len(source.train) == 6
    assert source.test is None


def test_labels_without_declared_names_are_named_by_their_values(
    tmp_path: Path, write_parquet: Callable, random_images: Callable
) -> None:
    for feature, values, names in (
        ("int64", [10, 9, 9, 2], ("2", "9", "10")),
        ("string", ["b", "a", "a", "c"], tuple("abc")),
    ):
        folder = tmp_path / feature
        write_parquet(folder / "train.parquet", random_images(4), values, label=datasets.Value(feature))
        source = read(spec(label_column="label"), folder)
        assert source.classes == names
        assert [names[label] for label in source.train.labels] == [str(value) for value in values]


def test_two_columns_of_labels_must_be_told_apart(
    tmp_path: Path, write_parquet: Callable, random_images: Callable
) -> None:
    names = datasets.ClassLabel(names=["a", "b"])
    write_parquet(
        tmp_path / "train.parquet", random_images(4), [0, 1, 0, 1], fine_label=names, coarse_label=names
    )
    with pytest.raises(
        DataUnavailable,
        match=r"which column holds the labels\?.*\(fine_label, coarse_label\).*data.label_column",
    ):
        read(spec(), tmp_path)
    assert read(spec(label_column="fine_label"), tmp_path).classes == ("a", "b")


def test_a_column_that_is_not_there(animals: Path) -> None:
    with pytest.raises(
        DataUnavailable, match=r"data.image_column is 'image'; the data set has the columns img, label"
    ):
        read(spec(image_column="image"), animals)


def test_rows_without_a_label(tmp_path: Path, write_parquet: Callable, random_images: Callable) -> None:
    write_parquet(tmp_path / "train.parquet", random_images(3), [0, 1, -1])
    with pytest.raises(DataUnavailable, match="row 2 has no label: its column 'label' holds -1"):
        read(spec(), tmp_path)


def test_a_damaged_image_is_named_by_its_row_in_the_file(
    tmp_path: Path, write_parquet: Callable, random_images: Callable
) -> None:
    images = [*random_images(4), b"no image"]
    write_parquet(tmp_path / "train.parquet", images, [0, 1, 2, 1, 2])
    with pytest.raises(
        DataUnavailable, match=f"the image in row 4 of train in {tmp_path} is not a readable image"
    ):
        read(spec(classes=["bird", "cat"]), tmp_path)


def test_a_damaged_image_file_is_named_by_its_path(
    tmp_path: Path, png: Callable, random_images: Callable
) -> None:
    folder = tmp_path / "pictures"
    write_folders(folder, {"cat": [png(random_images(1)[0])], "dog": [b"no image"]})
    with pytest.raises(DataUnavailable, match=r"the image .*dog/0.png is not a readable image"):
        read(spec(), folder)


def test_a_damaged_parquet_file(animals: Path) -> None:
    whole = (animals / "train.parquet").read_bytes()
    (animals / "train.parquet").write_bytes(whole[: len(whole) // 2])
    with pytest.raises(DataUnavailable, match=r"could not be read.*its files are whole"):
        read(spec(), animals)


def test_an_empty_folder(tmp_path: Path) -> None:
    (tmp_path / "empty").mkdir()
    with pytest.raises(DataUnavailable, match="could not be read as parquet files or as images"):
        read(spec(), tmp_path / "empty")


def test_a_folder_without_training_rows(animals: Path) -> None:
    (animals / "train.parquet").unlink()
    with pytest.raises(DataUnavailable, match="has no split called 'train', only test"):
        read(spec(), animals)


def test_a_class_without_images(tmp_path: Path, write_parquet: Callable, random_images: Callable) -> None:
    write_parquet(tmp_path / "train.parquet", random_images(2), [0, 0])
    with pytest.raises(DataUnavailable, match="has no image of bird, cat"):
        read(spec(classes=["bird", "cat"]), tmp_path)


def test_progress_bars_are_as_they_were(animals: Path) -> None:
    before = datasets.are_progress_bars_disabled()
    read(spec(), animals)
    assert datasets.are_progress_bars_disabled() == before


class Hub:
    """A hub in place of the real one."""

    def __init__(self, answer: datasets.DatasetDict | Exception) -> None:
        self.answer = answer
        self.asked: list[str] = []

    def __call__(self, name: str) -> datasets.DatasetDict:
        self.asked.append(name)
        if isinstance(self.answer, Exception):
            raise self.answer
        return self.answer


def from_hub(
    answer: datasets.DatasetDict | Exception, monkeypatch: pytest.MonkeyPatch, **options: object
) -> Source:
    hub = Hub(answer)
    monkeypatch.setattr(datasets, "load_dataset", hub)
    source = read(spec(**options), None)
    assert hub.asked == ["someone/animals"]
    return source


def test_the_hub_and_a_folder_give_the_same(animals: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    stored = datasets.load_dataset(
        "parquet", data_files={name: str(animals / f"{name}.parquet") for name in ("train", "test")}
    )
    fetched = from_hub(stored, monkeypatch)
    monkeypatch.undo()
    assert torch.equal(fetched.train.pixels, read(spec(), animals).train.pixels)


def test_a_name_that_the_hub_does_not_take_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    with pytest.raises(DataUnavailable, match=r"not be fetched.*Repo id must use alphanumeric"):
        from_hub(ValueError("Repo id must use alphanumeric chars"), monkeypatch)


def test_no_network_names_the_alternatives(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    offline = ConnectionError("Couldn't reach 'someone/animals' on the Hub")
    with pytest.raises(
        DataUnavailable,
        match=r"not be fetched.*--data PATH, or set \$CALIBRANT_DATA to the folder that holds 'animals'",
    ):
        from_hub(offline, monkeypatch, local="animals")
    monkeypatch.setenv("CALIBRANT_DATA", str(tmp_path))
    with pytest.raises(DataUnavailable, match=f"there is no folder {tmp_path / 'animals'}"):
        from_hub(offline, monkeypatch, local="animals")


def test_a_name_that_the_hub_does_not_know(monkeypatch: pytest.MonkeyPatch) -> None:
    with pytest.raises(
        DataUnavailable, match="no data set 'someone/animals' on the Hugging Face hub, and no folder"
    ):
        from_hub(DatasetNotFoundError("doesn't exist"), monkeypatch)
