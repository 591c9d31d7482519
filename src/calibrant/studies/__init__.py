"""Studies: grids of runs, each repeated over seeds, that end in one table and one figure.

A study says what varies; how a run trains and what its folder holds is the business of `recipes`.
"""

from __future__ import annotations

from importlib.util import find_spec

from calibrant.errors import MissingExtra

# Looked up, not imported: listing studies must not take the seconds that importing PyTorch takes.
for _package in ("pydantic", "tomli_w", "matplotlib"):
    if find_spec(_package) is None:
        raise MissingExtra("Running studies", "train", _package)
