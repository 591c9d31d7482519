"""Calibrated networks that leave the laboratory: one module, one folded layer, one exported file.

Nothing is trained or fitted here; a fitted calibrator and a network come in.
"""

from __future__ import annotations

from importlib.util import find_spec

from calibrant.errors import MissingExtra

if find_spec("torch") is None:
    raise MissingExtra("A calibrated network", "export", "torch")

from calibrant.deploy.fold import fold
from calibrant.deploy.model import CalibratedModel

__all__ = ["CalibratedModel", "fold"]
