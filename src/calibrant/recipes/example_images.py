"""The test images that a network gets wrong although it is sure, small enough to stand in a page.

What it says about them was computed before; nothing is predicted here.
"""

from __future__ import annotations

from base64 import b64encode
from io import BytesIO

import numpy as np
from PIL import Image
from torch import Tensor

from calibrant.datasets.images import Images
from calibrant.predictions import Predictions
from calibrant.report.model import Example

SHOWN = 12
"""So many images are shown at most."""

_SIDE = 96


def surest_errors(
    test: Predictions, calibrated: Predictions, images: Images, *, count: int = SHOWN
) -> tuple[Example, ...]:
    """Return the wrong test images with the highest confidence, the surest first.

    Parameters
    ----------
    test, calibrated : Predictions
        The same rows before and after calibration.
    images : Images
        The images, in the order of the rows.
    count : int
        How many at most.
    """
    before, after = test.probs(), calibrated.probs()
    predicted = before.argmax(axis=1)
    confidence = before[np.arange(test.n), predicted]
    wrong = np.flatnonzero(predicted != test.labels)
    surest = wrong[np.argsort(-confidence[wrong], kind="stable")][:count]
    return tuple(
        Example(
            png=_png(images.pixels[row]),
            label=test.class_name(int(test.labels[row])),
            predicted=test.class_name(int(predicted[row])),
            before=float(confidence[row]),
            after=float(after[row, predicted[row]]),
            id=f"test image {row}",
        )
        for row in surest.tolist()
    )


def _png(pixels: Tensor) -> str:
    """Return an image, uint8 (channels, height, width), as base64 of a PNG, made smaller if it is large."""
    levels = np.ascontiguousarray(pixels.permute(1, 2, 0).numpy())
    image = Image.fromarray(levels[:, :, 0] if levels.shape[2] == 1 else levels)
    image.thumbnail((_SIDE, _SIDE))
    buffer = BytesIO()
    image.save(buffer, format="PNG", optimize=True)
    return b64encode(buffer.getvalue()).decode("ascii")
