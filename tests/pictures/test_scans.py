"""Scans of a JPEG are counted in its image alone, whatever lies behind it or is told beside it."""

from __future__ import annotations

from io import BytesIO

import numpy as np
import pytest
from PIL import Image

from calibrant.pictures import bounds
from calibrant.pictures.picture import open_picture
from calibrant.pictures.scans import scans

PIXELS = np.random.default_rng(0).integers(0, 256, (40, 60, 3), dtype=np.uint8)


def jpeg(**options: object) -> bytes:
    file = BytesIO()
    Image.fromarray(PIXELS).save(file, "JPEG", **options)
    return file.getvalue()


def with_comment(content: bytes, comment: bytes) -> bytes:
    return content[:2] + b"\xff\xfe" + (len(comment) + 2).to_bytes(2, "big") + comment + content[2:]


@pytest.mark.parametrize(("options", "count"), [({}, 1), ({"progressive": True}, 10), ({"quality": 100}, 1)])
def test_scans_are_counted(options: dict[str, object], count: int) -> None:
    assert scans(jpeg(**options)) == count


def test_restart_markers_end_no_scan() -> None:
    content = jpeg(restart_marker_blocks=1)
    assert b"\xff\xd3" in content
    assert scans(content) == 1


def test_what_lies_behind_or_beside_is_not_counted(monkeypatch: pytest.MonkeyPatch) -> None:
    other = b"\xff\xda\x00\x03\x00" * 50
    content = with_comment(jpeg(), other) + other
    assert scans(content) == 1
    monkeypatch.setattr(bounds, "MOST_SCANNED", PIXELS.shape[0] * PIXELS.shape[1])
    assert open_picture(content).shape == PIXELS.shape


@pytest.mark.parametrize("content", [b"", b"\xff\xd8", b"\xff\xd8\xff\xda", b"\xff\xd8\xff\xe0\x00\x00"])
def test_halves_of_files_have_an_end(content: bytes) -> None:
    assert scans(content) == content.count(b"\xff\xda")
