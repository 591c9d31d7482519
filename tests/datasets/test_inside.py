"""A data set opens its own files and no others, whatever its rows say."""

from __future__ import annotations

import json
import zipfile
from collections.abc import Callable
from pathlib import Path

import datasets
import numpy as np
import pytest

from calibrant.datasets import inside
from calibrant.datasets.hugging_face import read
from calibrant.datasets.spec import DataSpec
from calibrant.errors import DataUnavailable

SPEC = DataSpec(name="someone/animals")


def write_rows(folder: Path, paths: list[str]) -> None:
    """Write a parquet file whose rows name images in place of holding them."""
    content = {"img": [{"bytes": None, "path": path} for path in paths], "label": [0] * len(paths)}
    features = datasets.Features(
        {"img": datasets.Image(), "label": datasets.ClassLabel(names=["cat", "dog"])}
    )
    folder.mkdir(exist_ok=True)
    datasets.Dataset.from_dict(content, features=features).to_parquet(folder / "train.parquet")


@pytest.fixture
def outside(tmp_path: Path, png: Callable, random_images: Callable) -> Path:
    """An image that belongs to no data set."""
    path = tmp_path / "private.png"
    path.write_bytes(png(random_images(1)[0]))
    return path


@pytest.mark.parametrize("how", ["absolute", "upwards", "relative", "url"])
def test_rows_of_a_parquet_file_that_name_other_files(
    how: str, outside: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    folder = tmp_path / "animals"
    folder.mkdir()
    monkeypatch.chdir(folder)  # the library looks for files as it writes their names
    named = {
        "absolute": str(outside),
        "upwards": str(folder / ".." / outside.name),
        "relative": f"../{outside.name}",
        "url": f"file://{outside}",
    }[how]
    write_rows(folder, [named])
    monkeypatch.chdir(tmp_path)
    refused = "No such file" if how == "url" else r"outside .*animals; it was not opened"
    with pytest.raises(DataUnavailable, match=refused):
        read(SPEC, folder)


def test_rows_that_name_files_beside_them(
    tmp_path: Path,
    png: Callable,
    random_images: Callable,
    outside: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    folder = tmp_path / "animals"
    folder.mkdir()
    (folder / "0.png").write_bytes(png(random_images(1)[0]))
    (folder / "link.png").symlink_to(outside)
    monkeypatch.chdir(folder)
    write_rows(folder, [str(folder / "0.png"), str(folder / "link.png"), "0.png"])
    monkeypatch.chdir(tmp_path)
    for named in (folder, Path("animals")):
        pixels = read(SPEC, named).train.pixels
        np.testing.assert_array_equal(pixels.permute(0, 2, 3, 1), random_images(1) * 3)


def test_a_description_of_a_folder_that_names_other_files(
    outside: Path, tmp_path: Path, png: Callable, random_images: Callable
) -> None:
    folder = tmp_path / "animals"
    folder.mkdir()
    (folder / "0.png").write_bytes(png(random_images(1)[0]))
    rows = [{"file_name": "0.png", "label": "cat"}, {"file_name": f"../{outside.name}", "label": "dog"}]
    (folder / "metadata.jsonl").write_text("\n".join(map(json.dumps, rows)), encoding="utf-8")
    with pytest.raises(DataUnavailable, match=r"outside .*animals; it was not opened|could not be read"):
        read(DataSpec(name="someone/animals", label_column="label"), folder)


def test_archives_in_a_folder_of_images_are_left_packed(
    tmp_path: Path, png: Callable, random_images: Callable
) -> None:
    folder = tmp_path / "animals"
    for number, name in enumerate(("cat", "dog")):
        (folder / name).mkdir(parents=True)
        (folder / name / "0.png").write_bytes(png(random_images(2)[number]))
    for name in ("more.zip", "notes.txt"):
        with zipfile.ZipFile(folder / "cat" / name, "w") as archive:
            archive.writestr("cat/1.png", png(random_images(1)[0]))
    assert len(read(SPEC, folder).train) == 2
    cache = tmp_path / "hugging-face"
    assert not [path for path in cache.rglob("*") if path.suffix == ".png"]


def test_where_files_of_the_hub_lie(tmp_path: Path) -> None:
    folders = inside.folders_of(None)
    assert tmp_path / "hugging-face" in folders
    with pytest.raises(DataUnavailable, match="not opened"):
        inside.named_file("/etc/passwd", folders, "row 1")
