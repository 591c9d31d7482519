"""Encoded images become one tensor with their exact pixels, or an error that names the image."""

from __future__ import annotations

from collections.abc import Callable
from io import BytesIO
from pathlib import Path

import numpy as np
import pytest
import torch
from PIL import Image

from calibrant.datasets import decode
from calibrant.datasets.decode import decode_images
from calibrant.errors import DataUnavailable
from calibrant.pictures.decode import EncodedImage


def named(*contents: bytes) -> list[EncodedImage]:
    return [EncodedImage(content, f"image {number}") for number, content in enumerate(contents)]


def test_colour_pixels_are_exact_with_channels_first(png: Callable, random_images: Callable) -> None:
    images = random_images(3)
    pixels = decode_images(named(*map(png, images))).pixels
    assert pixels.dtype == torch.uint8
    assert pixels.shape == (3, 3, 8, 8)
    np.testing.assert_array_equal(pixels.permute(0, 2, 3, 1), images)
    assert pixels.is_contiguous(memory_format=torch.channels_last)


def test_grey_images_have_one_channel(png: Callable, random_images: Callable) -> None:
    images = random_images(3, channels=1)
    np.testing.assert_array_equal(decode_images(named(*map(png, images))).pixels[:, 0], images)


def test_grey_among_colour_becomes_colour(png: Callable, random_images: Callable) -> None:
    grey, colour = random_images(1, channels=1)[0], random_images(1)[0]
    pixels = decode_images(named(png(grey), png(colour))).pixels
    np.testing.assert_array_equal(pixels[0], [grey, grey, grey])
    np.testing.assert_array_equal(pixels[1], colour.transpose(2, 0, 1))


def test_palettes_and_transparency_are_resolved(random_images: Callable) -> None:
    contents = []
    for mode in ("P", "RGBA"):
        file = BytesIO()
        Image.fromarray(random_images(1)[0]).convert(mode).save(file, "png")
        contents.append(file.getvalue())
    assert decode_images(named(*contents)).pixels.shape == (2, 3, 8, 8)


def test_resizing_brings_all_to_one_size(png: Callable, random_images: Callable) -> None:
    contents = [png(random_images(1, size=size)[0]) for size in (8, 12)]
    assert decode_images(named(*contents), image_size=16).pixels.shape == (2, 3, 16, 16)


@pytest.mark.parametrize("cut", [0, 20, 100])
def test_a_damaged_image_is_named(cut: int, png: Callable, random_images: Callable) -> None:
    good, bad = map(png, random_images(2))
    with pytest.raises(DataUnavailable, match=r"image 1 is not a readable image .*Replace it or remove it"):
        decode_images(named(good, bad[:cut]))


def test_sizes_that_differ_need_a_size(png: Callable, random_images: Callable) -> None:
    contents = [png(random_images(1, size=size)[0]) for size in (8, 12)]
    with pytest.raises(
        DataUnavailable, match=r"image 1 has 12 × 12 pixels, the first image 8 × 8.*image_size"
    ):
        decode_images(named(*contents))


def test_images_that_are_not_square_need_a_size(png: Callable, random_images: Callable) -> None:
    with pytest.raises(DataUnavailable, match=r"image 0 is not square \(8 × 5 pixels\).*image_size"):
        decode_images(named(png(random_images(1)[0][:5])))


def test_sixteen_bits_of_grey_become_eight() -> None:
    file = BytesIO()
    Image.fromarray(np.array([[0, 128, 257], [32767, 65278, 65535], [256, 385, 386]], dtype=np.uint16)).save(
        file, "png"
    )
    pixels = decode_images(named(file.getvalue())).pixels
    assert pixels[0, 0].tolist() == [[0, 0, 1], [127, 254, 255], [1, 1, 2]]


@pytest.mark.parametrize("mode", ["1", "L", "LA"])
def test_grey_of_every_kind_stays_grey(mode: str, random_images: Callable) -> None:
    file = BytesIO()
    Image.fromarray(random_images(1, channels=1)[0]).convert(mode).save(file, "png")
    assert decode_images(named(file.getvalue())).pixels.shape == (1, 1, 8, 8)


def test_a_palette_with_transparent_colours_gives_the_same_colours(random_images: Callable) -> None:
    picture, file = Image.fromarray(random_images(1)[0]).convert("P"), BytesIO()
    picture.save(file, "png", transparency=bytes(range(256)))
    pixels = decode_images(named(file.getvalue())).pixels
    np.testing.assert_array_equal(pixels[0].permute(1, 2, 0), picture.convert("RGB"))


def test_a_photograph_taken_sideways_is_turned_upright(random_images: Callable) -> None:
    pixels, file, exif = random_images(1)[0], BytesIO(), Image.Exif()
    exif[0x0112] = 6  # to be turned by a quarter, clockwise
    Image.fromarray(pixels).save(file, "png", exif=exif)
    turned = decode_images(named(file.getvalue())).pixels[0].permute(1, 2, 0)
    np.testing.assert_array_equal(turned, np.rot90(pixels, k=-1))


def test_floating_point_pixels_are_refused_because_nothing_says_what_white_is() -> None:
    file = BytesIO()
    Image.fromarray(np.zeros((4, 4), dtype=np.float32)).save(file, "tiff")
    with pytest.raises(DataUnavailable, match="mode F, which has no brightest value"):
        decode_images(named(file.getvalue()))


def damaged(kind: str, pixels: np.ndarray) -> bytes:
    file = BytesIO()
    Image.fromarray(np.kron(pixels, np.ones((8, 8, 1), np.uint8))).save(file, kind)
    return file.getvalue()[: len(file.getvalue()) // 2]


BROKEN = {
    "a cut-off JPEG": (lambda pixels: damaged("jpeg", pixels), "(?i:truncated)"),
    "a cut-off PNG": (lambda pixels: damaged("png", pixels), "(?i:truncated|broken)"),
    "no bytes": (lambda _: b"", "it is empty"),
    "text": (lambda _: b"not an image at all", "of no known image format"),
}


@pytest.mark.parametrize("kind", sorted(BROKEN))
def test_what_is_no_image_stops_or_is_left_out_and_named(
    kind: str, png: Callable, random_images: Callable
) -> None:
    make, reason = BROKEN[kind]
    first, last = random_images(2)
    images = named(png(first), make(first), png(last))
    with pytest.raises(DataUnavailable, match=rf"image 1 is not a readable image \(.*({reason})"):
        decode_images(images)
    left = decode_images(images, on_corrupt="skip")
    assert left.kept == [0, 2]
    np.testing.assert_array_equal(left.pixels.permute(0, 2, 3, 1), [first, last])
    (said,) = left.skipped
    assert said.startswith("image 1 (")


def test_files_are_read_like_bytes(tmp_path: Path, png: Callable, random_images: Callable) -> None:
    pixels = random_images(1)[0]
    (tmp_path / "good.png").write_bytes(png(pixels))
    (tmp_path / "empty.png").touch()
    images = [EncodedImage(tmp_path / name, name) for name in ("good.png", "empty.png", "absent.png")]
    read = decode_images(images, on_corrupt="skip")
    np.testing.assert_array_equal(read.pixels[0].permute(1, 2, 0), pixels)
    assert read.skipped == ("empty.png (it is empty)", "absent.png (No such file or directory)")


def test_nothing_but_damage_is_an_error() -> None:
    with pytest.raises(DataUnavailable, match=r"none of 2 images could be read\. The first: image 0 \("):
        decode_images(named(b"", b"text"), on_corrupt="skip")


def test_every_image_is_reported(png: Callable, random_images: Callable) -> None:
    seen: list[int] = []
    decode_images(named(*map(png, random_images(2)), b""), on_corrupt="skip", progress=seen.append)
    assert sum(seen) == 3


def test_small_files_that_would_fill_the_memory_together(
    png: Callable, random_images: Callable, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(decode, "_LARGE", 1 << 20)
    blank = png(np.zeros((512, 512), np.uint8))
    assert 200 * len(blank) < 512 * 512
    with pytest.raises(
        DataUnavailable, match=r"up to image 4 have .* bytes that became 1,310,720\..*smaller"
    ):
        decode_images(named(*[blank] * 8))
    noisy = png(random_images(1, size=512, channels=1)[0])
    assert len(decode_images(named(*[noisy] * 8)).kept) == 8


def test_grey_images_that_colour_would_make_three_times_as_large(
    png: Callable, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(decode, "_LARGE", 1 << 20)
    grey, colour = png(np.zeros((512, 512), np.uint8)), png(np.zeros((512, 512, 3), np.uint8))
    assert len(decode_images(named(*[grey] * 4)).kept) == 4
    with pytest.raises(DataUnavailable, match=r"up to image 2 .* bytes that became 2,359,296\."):
        decode_images(named(grey, grey, colour))
