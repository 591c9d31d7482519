"""Folders are found in the order: the caller's, under $CALIBRANT_DATA, by name."""

from __future__ import annotations

from pathlib import Path

import pytest

from calibrant.datasets.locate import find_folder
from calibrant.datasets.spec import DataSpec
from calibrant.errors import DataUnavailable

SPEC = DataSpec(name="someone/birds", local="birds")


def test_the_caller_s_path_comes_first(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("CALIBRANT_DATA", str(tmp_path))
    (tmp_path / "birds").mkdir()
    (tmp_path / "mine").mkdir()
    assert find_folder(SPEC, tmp_path / "mine") == tmp_path / "mine"
    assert find_folder(SPEC, None) == tmp_path / "birds"


def test_a_folder_may_be_the_name(tmp_path: Path) -> None:
    assert find_folder(DataSpec(name=str(tmp_path)), None) == tmp_path


def test_otherwise_it_is_the_hub(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    assert find_folder(SPEC, None) is None
    monkeypatch.setenv("CALIBRANT_DATA", str(tmp_path))
    assert find_folder(SPEC, None) is None


def test_a_path_that_is_no_folder_is_refused(tmp_path: Path) -> None:
    with pytest.raises(DataUnavailable, match=r"there is no folder .*nowhere.*parquet files, or images"):
        find_folder(SPEC, tmp_path / "nowhere")
