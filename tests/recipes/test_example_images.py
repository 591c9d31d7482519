"""Which wrong images are shown, and that they are small whatever the size of the data."""

from __future__ import annotations

import base64
from io import BytesIO

import numpy as np
import torch
from PIL import Image

from calibrant.datasets.images import Images
from calibrant.predictions import Predictions
from calibrant.recipes.example_images import SHOWN, surest_errors


def rows(confidence: list[float], right: list[bool]) -> Predictions:
    return Predictions.from_probs(
        np.array(confidence), np.array(right, dtype=np.int64), classes=["no", "yes"]
    )


def images(n: int, *, channels: int = 1, side: int = 8) -> Images:
    return Images(torch.zeros(n, channels, side, side, dtype=torch.uint8), torch.zeros(n, dtype=torch.int64))


def test_the_surest_wrong_rows_come_first() -> None:
    test = rows([0.9, 0.6, 0.99, 0.7, 0.6], [False, True, True, False, False])
    after = rows([0.8, 0.6, 0.9, 0.65, 0.55], [False, True, True, False, False])
    shown = surest_errors(test, after, images(5))
    assert [example.id for example in shown] == ["test image 0", "test image 3", "test image 4"]
    assert [(example.label, example.predicted) for example in shown] == [("no", "yes")] * 3
    assert [(example.before, example.after) for example in shown] == [(0.9, 0.8), (0.7, 0.65), (0.6, 0.55)]


def test_no_more_than_so_many() -> None:
    test = rows([0.9] * 30, [False] * 30)
    shown = surest_errors(test, test, images(30))
    assert [example.id for example in shown] == [f"test image {row}" for row in range(SHOWN)]


def test_a_network_that_is_always_right_has_none() -> None:
    test = rows([0.9, 0.8], [True, True])
    assert surest_errors(test, test, images(2)) == ()


def test_large_images_are_made_small_and_grey_ones_stay_grey() -> None:
    test = rows([0.9], [False])
    for channels, mode in ((1, "L"), (3, "RGB")):
        (example,) = surest_errors(test, test, images(1, channels=channels, side=224))
        image = Image.open(BytesIO(base64.b64decode(example.png)))
        assert (image.size, image.mode) == ((96, 96), mode)
