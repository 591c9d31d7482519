"""Images side by side: grey joins colour, and one channel or three are made of each other exactly."""

from __future__ import annotations

import subprocess
import sys

import numpy as np
import pytest
from PIL import Image

from calibrant.pictures import channels
from calibrant.pictures.channels import stack, with_channels

COLOUR = np.random.default_rng(0).integers(0, 256, (2, 5, 4, 3), np.uint8)
GREY = np.random.default_rng(1).integers(0, 256, (2, 5, 4), np.uint8)


def test_grey_alone_stays_grey_and_beside_colour_becomes_colour() -> None:
    assert np.array_equal(stack(list(GREY)), GREY[:, None])
    mixed = stack([GREY[0], COLOUR[0]])
    assert np.array_equal(mixed[0], [GREY[0]] * 3)
    assert np.array_equal(mixed[1], COLOUR[0].transpose(2, 0, 1))


@pytest.mark.parametrize("images_to_a_block", [0.5, 1, 2, 3, 100])
@pytest.mark.parametrize("first", ["grey", "colour"])
def test_blocks_do_not_show(images_to_a_block: float, first: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(channels, "_BLOCK", int(images_to_a_block * GREY[0].size))
    images = [*GREY, *GREY, *COLOUR, *GREY, *COLOUR]
    images = images if first == "grey" else images[::-1]
    as_colour = [image if image.ndim == 3 else np.repeat(image[..., None], 3, axis=2) for image in images]
    assert np.array_equal(stack(iter(images)), np.stack(as_colour).transpose(0, 3, 1, 2))
    assert np.array_equal(stack(iter([*GREY, *GREY])), np.concatenate([GREY, GREY])[:, None])


_HELD = """
import numpy as np
from pathlib import Path
from calibrant.pictures.channels import stack

def most():
    status = Path("/proc/self/status").read_text()
    return int(status.split("VmHWM:")[1].split()[0]) << 10

before = most()
stacked = stack(np.full((1024, 1024), number % 256, np.uint8) for number in range(300))
assert stacked[:, 0, 0, 0].tolist() == [number % 256 for number in range(300)]
print((most() - before) / stacked.nbytes)
"""


@pytest.mark.skipif(sys.platform != "linux", reason="the memory in use is read from /proc")
def test_images_that_come_one_by_one_are_held_once() -> None:
    child = subprocess.run([sys.executable, "-c", _HELD], check=True, capture_output=True, text=True)
    assert 1 <= float(child.stdout) < 1.4


def test_colours_lie_side_by_side_in_memory() -> None:
    stacked = stack(list(COLOUR))
    assert stacked.transpose(0, 2, 3, 1).flags.c_contiguous


def test_grey_made_of_colour_is_what_image_libraries_make() -> None:
    grey = with_channels(stack(list(COLOUR)), 1)
    libraries = [np.asarray(Image.fromarray(image).convert("L")) for image in COLOUR]
    assert grey.shape == (2, 1, 5, 4)
    assert np.abs(grey[:, 0].astype(int) - libraries).max() <= 1
    assert np.array_equal(with_channels(with_channels(grey, 3), 1), grey)
