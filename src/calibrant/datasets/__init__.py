"""Image data sets as whole tensors of small images: loaded, filtered, decoded once, split and batched.

No networks and no training here, and no data set of images too large to be held in memory decoded.
"""

from __future__ import annotations

from importlib.util import find_spec

from calibrant.errors import MissingExtra

# Looked up, not imported: a recipe is read without the seconds that importing PyTorch takes.
for _package in ("torch", "pydantic", "PIL"):
    if find_spec(_package) is None:
        raise MissingExtra("Loading images", "train", _package)
