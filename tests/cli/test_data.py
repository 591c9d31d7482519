"""`calibrant data stats`, on folders, recipes and the digits."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from tests.cli.conftest import Program


@pytest.fixture
def pictures(tmp_path: Path) -> Path:
    """Return a folder of two classes with images of two sizes."""
    for name, side in (("bird", 2), ("cat", 4)):
        for index in range(3):
            place = tmp_path / "pictures" / name
            place.mkdir(parents=True, exist_ok=True)
            Image.fromarray(np.full((side, side, 3), 51 * index, np.uint8)).save(place / f"{index}.png")
    return tmp_path / "pictures"


def test_the_digits(calibrant: Program) -> None:
    lines = calibrant("data", "stats", "digits", "--classes", "1,0").out.splitlines()
    assert lines[0] == "digits, read from scikit-learn"
    assert "train     360  32 × 32" in lines
    assert lines.index("1            182") < lines.index("0            178")
    assert lines[-1] == (
        "Mean and standard deviation over every pixel of 360 training images, "
        "in fractions of full brightness."
    )


def test_a_recipe_stands_for_its_data(calibrant: Program) -> None:
    one, other = (calibrant("data", "stats", name, "--json").json for name in ("digits", "lenet5-digits"))
    assert one == other


def test_sizes_that_differ_are_said_with_their_weights(calibrant: Program, pictures: Path) -> None:
    outcome = calibrant("data", "stats", pictures)
    assert "2 sizes, 2 to 4 × 2 to 4" in outcome.out
    assert "each pixel counts the same, so large images count for more" in outcome.out
    assert "red      0.20000000  0.16329932" in outcome.out


def test_many_equal_classes_take_one_line(calibrant: Program, tmp_path: Path) -> None:
    for number in range(41):
        (tmp_path / f"{number:02}").mkdir()
        Image.new("L", (2, 2)).save(tmp_path / f"{number:02}" / "0.png")
    outcome = calibrant("data", "stats", tmp_path)
    assert "41 classes, each with 1 train images (--json names them)" in outcome.out


def test_damage_stops_or_is_named_and_counted(calibrant: Program, pictures: Path) -> None:
    (pictures / "cat" / "1.png").write_text("no image")
    outcome = calibrant("data", "stats", pictures)
    assert (outcome.code, outcome.out) == (2, "")
    assert f"{pictures / 'cat' / '1.png'} is not a readable image" in outcome.err
    outcome = calibrant("data", "stats", pictures, "--on-corrupt", "skip")
    assert outcome.code == 0
    assert f"left out: the image {pictures / 'cat' / '1.png'} (" in outcome.err
    assert "1 images could not be read and are not counted." in outcome.out
    content = calibrant("data", "stats", pictures, "--on-corrupt", "skip", "--json").json
    assert content["splits"]["train"]["per_class"] == [3, 2]
    assert len(content["skipped"]) == 1


def test_a_name_under_the_data_folder_is_found(
    calibrant: Program, pictures: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("CALIBRANT_DATA", str(pictures.parent))
    content = calibrant("data", "stats", "someone/pictures", "--json").json
    assert content["place"] == str(pictures)


def test_a_class_that_is_not_there(calibrant: Program, pictures: Path) -> None:
    outcome = calibrant("data", "stats", pictures, "--classes", "bird,dog")
    assert outcome.code == 2
    assert "no class 'dog'" in outcome.err
