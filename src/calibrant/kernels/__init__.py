"""Fused loops over arrays, compiled by Numba: each reads the scores once and releases the GIL.

They assume valid, read-only arrays and check nothing; `Predictions` is where checks happen.
"""

from calibrant.kernels.cache import find_place

find_place()
