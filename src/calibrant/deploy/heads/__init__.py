"""Calibrators as modules: from logits to calibrated probabilities, in float64 and in operations that export.

One file a family of formulas; the arithmetic is that of `calibrant.calibrators`, which fits them.
"""

from calibrant.deploy.heads.registry import FORMULAS, head_of

__all__ = ["FORMULAS", "head_of"]
