"""Images that would fill the memory are refused by what their header says, before anything is decoded."""

from __future__ import annotations

import struct
import zlib
from io import BytesIO
from pathlib import Path

import numpy as np
import pytest
from PIL import Image, ImageFile

from calibrant.pictures.bounds import MOST_PIXELS, known_formats, known_suffixes
from calibrant.pictures.picture import UnreadableImage, open_picture


def saved(image: Image.Image, kind: str, **options: object) -> bytes:
    file = BytesIO()
    image.save(file, kind, **options)
    return file.getvalue()


def chunk(kind: bytes, content: bytes) -> bytes:
    """A chunk of a PNG file."""
    check = zlib.crc32(kind + content)
    return struct.pack(">I", len(content)) + kind + content + struct.pack(">I", check)


def png_of(width: int, height: int) -> bytes:
    """A PNG file that promises a size; its pixels are not in it."""
    header = struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0)
    return b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", header) + chunk(b"IDAT", b"") + chunk(b"IEND", b"")


def resized_header(content: bytes, kind: str, side: int) -> bytes:
    """The same file, whose header promises a square of `side` pixels."""
    small, large = struct.pack("<HH", 8, 8), struct.pack("<HH", side, side)
    if kind == "gif":
        return content[:6] + large + content[10:]
    assert kind == "bmp"
    assert struct.unpack("<ii", content[18:26]) == struct.unpack("<HH", small)
    return content[:18] + struct.pack("<ii", side, side) + content[26:]


@pytest.fixture
def nothing_is_decoded(monkeypatch: pytest.MonkeyPatch) -> None:
    def decoded(file: Image.Image) -> None:
        raise AssertionError(f"{file.size} was decoded")

    monkeypatch.setattr(ImageFile.ImageFile, "load", decoded)


@pytest.mark.usefixtures("nothing_is_decoded")
@pytest.mark.parametrize("side", [8_193, 12_000, 50_000])
def test_a_small_file_of_very_many_pixels(side: int) -> None:
    before = Image.MAX_IMAGE_PIXELS
    with pytest.raises(UnreadableImage, match=f"{MOST_PIXELS:,}"):
        open_picture(png_of(side, side))
    assert before == Image.MAX_IMAGE_PIXELS


@pytest.mark.usefixtures("nothing_is_decoded")
@pytest.mark.parametrize("kind", ["gif", "bmp"])
def test_other_formats_of_very_many_pixels(kind: str) -> None:
    content = resized_header(saved(Image.new("L", (8, 8)), kind), kind, 12_000)
    with pytest.raises(UnreadableImage, match=r"12,000 × 12,000 pixels, and at most 67,108,864"):
        open_picture(content)


@pytest.mark.usefixtures("nothing_is_decoded")
def test_a_jpeg_whose_pixels_are_gone_over_again_and_again(tmp_path: Path) -> None:
    content = saved(Image.new("RGB", (4096, 4096)), "jpeg", progressive=True)
    last = content[content.rfind(b"\xff\xda") : -2]
    many = tmp_path / "many.jpg"
    many.write_bytes(content[:-2] + 100 * last + b"\xff\xd9")
    with pytest.raises(UnreadableImage, match=r"16,777,216 pixels come in 110 scans"):
        open_picture(many)


def test_the_first_of_very_many_frames_is_taken() -> None:
    frames = [Image.new("L", (16, 16), level) for level in range(200)]
    for kind in ("gif", "tiff", "webp"):
        content = saved(frames[0], kind, save_all=True, append_images=frames[1:])
        pixels = open_picture(content)
        assert pixels.shape[:2] == (16, 16)
        assert pixels.max() <= 1


def test_damaged_notes_of_a_camera_leave_the_pixels() -> None:
    image = Image.fromarray(np.arange(64, dtype=np.uint8).reshape(8, 8))
    notes = Image.Exif()
    notes[0x0112] = 6
    whole = notes.tobytes()
    upright = open_picture(saved(image, "png", exif=whole))
    np.testing.assert_array_equal(upright, np.rot90(np.asarray(image), -1))
    for cut in range(6, len(whole)):
        for damaged in (whole[:cut], whole[:cut] + b"\xff" * (len(whole) - cut)):
            pixels = open_picture(saved(image, "png", exif=damaged))
            assert sorted(pixels.ravel()) == list(range(64))


def test_formats_that_run_programs_or_hold_other_files_are_no_images(tmp_path: Path) -> None:
    for kind in ("eps", "ico", "icns"):
        with pytest.raises(UnreadableImage, match="no known image format"):
            open_picture(saved(Image.new("RGB", (64, 64)), kind))
    assert not known_suffixes() & {".eps", ".ps", ".ico", ".h5", ".pdf"}
    assert {".jpg", ".png", ".webp", ".tif"} <= known_suffixes()
    assert {"PNG", "JPEG"} <= set(known_formats())
