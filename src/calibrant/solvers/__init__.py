"""Minimisers that see only sums: they ask for loss, slope and curvature, and never touch a row.

Who adds up the rows, and where they lie, is not their business.
"""

from calibrant.solvers.isotonic import IsotonicBlocks, isotonic_blocks
from calibrant.solvers.scalar import Derivatives, ScalarMinimum, minimise_scalar

__all__ = ["Derivatives", "IsotonicBlocks", "ScalarMinimum", "isotonic_blocks", "minimise_scalar"]
