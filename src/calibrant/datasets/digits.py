"""scikit-learn's bundled handwritten digits: 1,797 grey images of 8 × 8 pixels, ten classes, no network.

They come without an official test set.
"""

from __future__ import annotations

import numpy as np
import torch
from PIL import Image

from calibrant.datasets.classes import keep_classes
from calibrant.datasets.decode import refuse_growth
from calibrant.datasets.images import Images, Source
from calibrant.datasets.spec import DataSpec
from calibrant.errors import MissingExtra
from calibrant.pictures.channels import stack
from calibrant.pictures.decode import resize

NAME = "digits"

_BRIGHTEST = 16
_DEFAULT_SIZE = 32


def read(spec: DataSpec) -> Source:
    """Read the digits, resized to `spec.image_size` or else to 32 × 32 pixels.

    Raises
    ------
    MissingExtra
        scikit-learn is not installed.
    DataUnavailable
        `spec.classes` names something other than the digits ``"0"`` … ``"9"``.

    References
    ----------
    Alpaydin & Kaynak, "Optical Recognition of Handwritten Digits", UCI Machine Learning Repository, 1998.
    """
    try:
        from sklearn.datasets import load_digits  # type: ignore[import-untyped]
    except ModuleNotFoundError as missing:
        raise MissingExtra("The data set 'digits'", "train", "scikit-learn") from missing
    bunch = load_digits()
    names = tuple(str(name) for name in bunch.target_names)
    classes = spec.classes or names
    kept = keep_classes(bunch.target.tolist(), names, classes)
    brightness = np.rint(bunch.images[kept.rows] * (255 / _BRIGHTEST)).astype(np.uint8)
    size = spec.image_size or _DEFAULT_SIZE
    refuse_growth(brightness.nbytes, len(brightness) * size**2, NAME)
    pixels = stack([np.asarray(resize(Image.fromarray(image), size)) for image in brightness])
    return Source(
        train=Images(torch.from_numpy(pixels), torch.tensor(kept.labels)), test=None, classes=classes
    )
