"""Training: a loop on Lightning Fabric that can be stopped at any moment, and predictions of what it trained.

Drawing a progress bar, choosing a temperature and reporting are left to others.
"""

from __future__ import annotations

from importlib.util import find_spec

from calibrant.errors import MissingExtra

# Looked up, not imported: a recipe is read without the seconds that importing PyTorch takes.
for _package in ("torch", "lightning_fabric", "pydantic", "safetensors"):
    if find_spec(_package) is None:
        raise MissingExtra("Training", "train", _package)
