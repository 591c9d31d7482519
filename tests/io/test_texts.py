"""Text of very different lengths does not fill the memory as an array."""

from __future__ import annotations

from pathlib import Path

import pytest

from calibrant.errors import CalibrantError, UnreadableFile, UnwritableFile
from calibrant.io import read_checked, write
from calibrant.io.place import Place
from calibrant.io.texts import name_array, text_array
from calibrant.predictions import Predictions

LONG = "L" * 1_000_000


def test_as_many_texts_as_fit_become_an_array() -> None:
    assert text_array(["a", "bcd"], "ids", Place("x.csv")).tolist() == ["a", "bcd"]
    assert name_array(["é", ""]).tolist() == ["é", ""]
    assert name_array([]).shape == (0,)
    assert name_array([LONG] * 40).shape == (40,)


def test_a_text_that_makes_the_array_too_large_is_named(tmp_path: Path) -> None:
    rows = "".join(f"0.5,1,{'g' if row != 7 else LONG[:130_000]}\n" for row in range(1700))
    file = tmp_path / "rows.csv"
    file.write_text("logit,label,groups\n" + rows, encoding="utf-8")
    with pytest.raises(
        UnreadableFile, match=r"rows\.csv: the column 'groups' has a text of 130,000 characters at row 7"
    ):
        read_checked(file)


def test_names_that_make_the_array_too_large_are_not_written(tmp_path: Path) -> None:
    k = 210
    rows = Predictions.from_logits([[0.0] * k], [0], classes=[LONG, *map(str, range(1, k))])
    with pytest.raises(UnwritableFile, match="the name of class 0 has 1,000,000 characters"):
        write(rows, tmp_path / "rows.npz")
    assert not list(tmp_path.iterdir())


def test_a_name_that_an_array_would_cut_is_not_written(tmp_path: Path) -> None:
    rows = Predictions.from_logits([[0.0, 1.0]], [0], classes=["cat", "cat\0"])
    with pytest.raises(UnwritableFile, match=r"the name of class 1 ends in NUL.*: cat\\x00\. Rename it"):
        write(rows, tmp_path / "rows.npz")
    write(rows, tmp_path / "rows.csv")
    assert read_checked(tmp_path / "rows.csv")[0].classes == ("cat", "cat\0")


def test_half_a_character_in_a_file_is_refused(tmp_path: Path) -> None:
    file = tmp_path / "rows.csv"
    file.write_text('logit_0,logit_1,label,classes\n0.5,1,0,"[""\\ud800"", ""cat""]"\n', encoding="utf-8")
    with pytest.raises(CalibrantError, match=r"a JSON list of names \(it has half of a character"):
        read_checked(file)
