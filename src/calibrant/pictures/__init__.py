"""Image files as NumPy arrays of one size: named, opened, resized, stacked; Pillow is all it takes.

No labels and no data sets, which `calibrant.datasets` has, and no PyTorch.
"""

from __future__ import annotations

from importlib.util import find_spec

from calibrant.errors import MissingExtra

if find_spec("PIL") is None:
    raise MissingExtra("Reading images", "predict", "pillow")
