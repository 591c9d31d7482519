"""Minimisers that see only sums: they ask for loss, slope and curvature, and never touch a row.

Who adds up the rows, and where they lie, is not their business.
"""

from calibrant.solvers.inner import inner
from calibrant.solvers.isotonic import IsotonicBlocks, isotonic_blocks
from calibrant.solvers.lbfgs import minimise_lbfgs
from calibrant.solvers.newton import BoxMinimum, Quadratic, minimise_newton, minimise_newton_together
from calibrant.solvers.newton_cg import Minimum, Slope, SmoothFunction, minimise_newton_cg
from calibrant.solvers.scalar import Derivatives, ScalarMinimum, minimise_scalar

__all__ = [
    "BoxMinimum",
    "Derivatives",
    "IsotonicBlocks",
    "Minimum",
    "Quadratic",
    "ScalarMinimum",
    "Slope",
    "SmoothFunction",
    "inner",
    "isotonic_blocks",
    "minimise_lbfgs",
    "minimise_newton",
    "minimise_newton_cg",
    "minimise_newton_together",
    "minimise_scalar",
]
