"""A file gets its name where it says what Python says; what goes wrong before leaves nothing."""

from __future__ import annotations

import errno
from pathlib import Path

import numpy as np
import pytest

from calibrant.deploy.compared import keep_if_equal
from calibrant.errors import ExportFailed, UnwritableFile
from tests.exported.graphs import brightness

PIXELS = np.full((3, 1, 4, 4), 51, np.uint8)
WANTED = np.tile([0.2, 0.8], (3, 1))


def test_a_file_that_says_the_same_is_kept(tmp_path: Path) -> None:
    found = keep_if_equal(tmp_path / "a.onnx", brightness, inputs=PIXELS, wanted=WANTED)
    assert (found.compared, found.path.is_file()) == (3, True)
    assert 0 <= found.difference < 1e-6


def test_one_that_says_something_else_leaves_what_was_there(tmp_path: Path) -> None:
    (tmp_path / "a.onnx").write_text("old")
    with pytest.raises(ExportFailed, match=r"differ by up to 0\.6 on 3 inputs, and 1e-05 is allowed"):
        keep_if_equal(tmp_path / "a.onnx", brightness, inputs=PIXELS, wanted=WANTED[:, ::-1])
    assert [path.read_text() for path in tmp_path.iterdir()] == ["old"]


def test_a_file_that_cannot_be_read_back_is_the_models_fault(tmp_path: Path) -> None:
    with pytest.raises(ExportFailed, match=r"this model cannot be exported .*/a\.onnx says neither"):
        keep_if_equal(tmp_path / "a.onnx", lambda path: brightness(path, None), inputs=PIXELS, wanted=WANTED)
    assert list(tmp_path.iterdir()) == []


def test_a_full_disk_is_the_disks_fault(tmp_path: Path) -> None:
    def full(path: Path) -> None:
        raise OSError(errno.ENOSPC, "No space left on device")

    with pytest.raises(UnwritableFile, match="the disk is full"):
        keep_if_equal(tmp_path / "a.onnx", full, inputs=PIXELS, wanted=WANTED)
    assert list(tmp_path.iterdir()) == []
