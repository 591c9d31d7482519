"""Files and folders that a user names: which have labels, and which images are meant."""

from __future__ import annotations

from pathlib import Path

import pytest

from calibrant.errors import DataUnavailable
from calibrant.pictures.given import is_labelled, parquet_files, unlabelled_images


def touch(*paths: Path) -> None:
    for path in paths:
        path.parent.mkdir(parents=True, exist_ok=True)
        path.touch()


def test_what_says_the_class_of_each_image(tmp_path: Path) -> None:
    touch(tmp_path / "rows" / "train.parquet")
    touch(tmp_path / "classes" / "cat" / "0.png", tmp_path / "splits" / "test" / "cat" / "0.JPG")
    touch(tmp_path / "flat" / "0.png", tmp_path / "flat" / "notes" / "read.me")
    touch(tmp_path / "flat" / ".thumbnails" / "0.png")
    assert is_labelled(tmp_path / "rows")
    assert is_labelled(tmp_path / "classes")
    assert is_labelled(tmp_path / "splits")
    assert not is_labelled(tmp_path / "flat")


def test_files_as_named_and_the_images_of_folders_in_order(tmp_path: Path) -> None:
    touch(
        *(tmp_path / "flat" / name for name in ("b.png", "a.jpeg", "notes.txt", "c.webp")), tmp_path / "odd"
    )
    images = unlabelled_images([tmp_path / "odd", tmp_path / "flat"])
    assert [image.place for image in images] == [
        str(tmp_path / "odd"),
        *(str(tmp_path / "flat" / name) for name in ("a.jpeg", "b.png", "c.webp")),
    ]
    assert images[0].content == tmp_path / "odd"


def test_nothing_there(tmp_path: Path) -> None:
    with pytest.raises(DataUnavailable, match=r"there is no image or folder .*absent"):
        unlabelled_images([tmp_path / "absent"])
    with pytest.raises(DataUnavailable, match="holds no image"):
        unlabelled_images([tmp_path])


@pytest.mark.parametrize("inside", ["", "data"])
def test_parquet_files_are_grouped_by_split(inside: str, tmp_path: Path) -> None:
    folder = tmp_path / inside
    folder.mkdir(exist_ok=True)
    names = ["train-00001-of-00002.parquet", "train-00000-of-00002.parquet", "test.parquet", "notes.txt"]
    for name in names:
        (folder / name).touch()
    assert parquet_files(tmp_path) == {
        "test": [str(folder / "test.parquet")],
        "train": [str(folder / name) for name in sorted(names[:2])],
    }
