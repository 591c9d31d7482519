"""The pictures of the documentation: the build draws them where they are out of date, from kept results."""

from __future__ import annotations

import runpy
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pytest

DOCS = Path(__file__).parents[1] / "docs"
STUDIES = DOCS / "studies" / "figures"
IMAGES = DOCS / "images"
SCRIPT = """
from pathlib import Path
NAMES = ("one", "two")
def draw(into):
    for name in NAMES:
        (into / f"{name}.png").write_bytes((Path(__file__).parent / "rows.csv").read_bytes())
"""


@pytest.fixture
def draw(monkeypatch: pytest.MonkeyPatch) -> Callable[[Path], bool]:
    monkeypatch.syspath_prepend(str(DOCS / "ext"))
    import drawn

    function: Callable[[Path], bool] = drawn.draw
    return function


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    (tmp_path / "pictures.py").write_text(SCRIPT, encoding="utf-8")
    (tmp_path / "rows.csv").write_text("1\n", encoding="ascii")
    return tmp_path


def test_pictures_are_drawn_once(draw: Callable[[Path], bool], folder: Path) -> None:
    assert [draw(folder), draw(folder)] == [True, False]
    assert {path.name for path in folder.glob("*.png")} == {"one.png", "two.png"}


def test_pictures_are_drawn_again_where_a_result_changed_or_one_is_gone(
    draw: Callable[[Path], bool], folder: Path
) -> None:
    draw(folder)
    (folder / "rows.csv").write_text("2\n", encoding="ascii")
    assert draw(folder)
    assert (folder / "two.png").read_bytes() == b"2\n"
    (folder / "one.png").unlink()
    assert draw(folder)
    assert (folder / "one.png").is_file()


def test_a_drawing_that_fails_leaves_what_was_there_and_is_tried_again(
    draw: Callable[[Path], bool], folder: Path
) -> None:
    draw(folder)
    (folder / "pictures.py").write_text(f"{SCRIPT}    1 / 0\n", encoding="utf-8")
    before = {path: path.read_bytes() for path in folder.iterdir() if path.is_file()}
    for _ in range(2):
        with pytest.raises(ZeroDivisionError):
            draw(folder)
    assert {path: path.read_bytes() for path in folder.iterdir() if path.is_file()} == before
    assert not [path for path in folder.iterdir() if path.name.startswith(".") and path.is_dir()]


@pytest.mark.parametrize("name", runpy.run_path(str(STUDIES / "pictures.py"))["NAMES"])
def test_the_table_of_a_study_is_read_whole(name: str) -> None:
    stored: Callable[[str], Any] = runpy.run_path(str(STUDIES / "pictures.py"))["stored"]
    assert stored(name).table.to_csv() == (STUDIES / f"{name}.csv").read_text(encoding="utf-8")


def pixels(path: Path) -> np.ndarray:
    from PIL import Image

    with Image.open(path) as picture:
        return np.asarray(picture.convert("RGB"))


@pytest.mark.parametrize("name", runpy.run_path(str(IMAGES / "pictures.py"))["KEPT"])
def test_a_picture_that_is_kept_is_what_is_drawn(name: str, tmp_path: Path) -> None:
    drawn: Path = runpy.run_path(str(IMAGES / "pictures.py"))["draw_kept"](name, tmp_path)
    np.testing.assert_array_equal(pixels(drawn), pixels(IMAGES / f"{name}.png"))


def test_every_picture_that_is_kept_is_shown() -> None:
    kept = [path for path in DOCS.rglob("*.png") if path.parent.name in ("images", "reports", "figures")]
    readme = (DOCS.parent / "README.md").read_text(encoding="utf-8")
    pages = readme + "".join(page.read_text(encoding="utf-8") for page in DOCS.rglob("*.md"))
    assert [path.name for path in kept if f"{path.parent.name}/{path.name})" not in pages] == []
