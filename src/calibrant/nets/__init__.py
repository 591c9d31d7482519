"""Networks that turn images into logits: their typed spec, one builder per architecture, and their heads.

No training and no data here; and no probabilities, which are made from logits afterwards.
"""

from __future__ import annotations

from importlib.util import find_spec

from calibrant.errors import MissingExtra

# Looked up, not imported: a recipe is read without the seconds that importing PyTorch takes.
for _package in ("torch", "pydantic"):
    if find_spec(_package) is None:
        raise MissingExtra("Building networks", "train", _package)
