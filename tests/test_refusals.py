"""What the system says is said in the same words, whether a file is read or written."""

from __future__ import annotations

import errno
import os
from collections.abc import Callable
from functools import partial
from pathlib import Path

import pytest

from calibrant.atomic import make_folder, write_text
from calibrant.errors import CalibrantError
from calibrant.plain import read_bytes
from calibrant.refusals import reason


@pytest.mark.parametrize("work", [read_bytes, make_folder, partial(write_text, content="text")])
def test_reading_and_writing_share_their_words(work: Callable[[Path], object], tmp_path: Path) -> None:
    with pytest.raises(CalibrantError, match="longer than the system allows"):
        work(tmp_path / ("a" * 300))


@pytest.mark.parametrize("work", [read_bytes, make_folder])
def test_links_in_a_circle(work: Callable[[Path], object], tmp_path: Path) -> None:
    (tmp_path / "circle").symlink_to("circle")
    with pytest.raises(CalibrantError, match="its links lead in a circle"):
        work(tmp_path / "circle" / "file")


def test_what_has_no_words_of_its_own_is_what_the_system_says() -> None:
    assert reason(OSError(errno.EIO, os.strerror(errno.EIO))) == "Input/output error"
    assert reason(ValueError("embedded null byte")) == "embedded null byte"
    assert reason(PermissionError(errno.EACCES, "Permission denied")).startswith("permission is denied. Ask")
