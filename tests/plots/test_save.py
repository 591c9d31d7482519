"""Figures as files: by suffix, to the byte, whole or not at all."""

from __future__ import annotations

import os
from pathlib import Path

import matplotlib
import pytest

from calibrant.analysis import ReliabilityTable
from calibrant.errors import InvalidArgument, UnwritableFile
from calibrant.plots import reliability_figure, save, to_svg

STARTS = {".png": b"\x89PNG", ".svg": b"<?xml", ".pdf": b"%PDF"}


@pytest.mark.parametrize("suffix", STARTS)
def test_the_suffix_chooses_the_format(table: ReliabilityTable, tmp_path: Path, suffix: str) -> None:
    for name in (f"figure{suffix}", f"FIGURE{suffix.upper()}"):
        path = save(reliability_figure(table), tmp_path / name)
        assert path.read_bytes().startswith(STARTS[suffix])


@pytest.mark.parametrize("suffix", STARTS)
def test_the_same_table_gives_the_same_bytes(table: ReliabilityTable, tmp_path: Path, suffix: str) -> None:
    first = save(reliability_figure(table), tmp_path / f"first{suffix}").read_bytes()
    second = save(reliability_figure(table), tmp_path / f"second{suffix}").read_bytes()
    assert first == second


def test_a_figure_saved_twice_keeps_its_bytes(table: ReliabilityTable, tmp_path: Path) -> None:
    figure = reliability_figure(table)
    first = save(figure, tmp_path / "first.png").read_bytes()
    assert to_svg(figure) == to_svg(figure)
    assert save(figure, tmp_path / "second.png").read_bytes() == first


@pytest.mark.parametrize("suffix", STARTS)
def test_no_date_and_no_maker_is_written(table: ReliabilityTable, tmp_path: Path, suffix: str) -> None:
    content = save(reliability_figure(table), tmp_path / f"figure{suffix}").read_bytes().lower()
    for trace in (matplotlib.__version__.encode(), b"creationdate", b"dc:date", b"<metadata"):
        assert trace not in content


@pytest.mark.parametrize("name", ["figure.jpeg", "figure", "figure.png.txt"])
def test_another_suffix_is_refused_before_anything_is_written(
    table: ReliabilityTable, tmp_path: Path, name: str
) -> None:
    with pytest.raises(InvalidArgument, match=r"\.png, \.svg, \.pdf; got 'figure"):
        save(reliability_figure(table), tmp_path / name)
    assert list(tmp_path.iterdir()) == []


def test_a_missing_folder_is_named(table: ReliabilityTable, tmp_path: Path) -> None:
    with pytest.raises(UnwritableFile, match="no folder"):
        save(reliability_figure(table), tmp_path / "missing" / "figure.png")


def test_a_failed_write_keeps_the_old_file_and_leaves_nothing_else(
    table: ReliabilityTable, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    target = tmp_path / "figure.png"
    target.write_bytes(b"old")

    def full(*_: object, **__: object) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(os, "replace", full)
    with pytest.raises(UnwritableFile, match="the disk is full"):
        save(reliability_figure(table), target)
    assert [path.name for path in tmp_path.iterdir()] == ["figure.png"]
    assert target.read_bytes() == b"old"
