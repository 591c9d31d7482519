"""Published experiments as TOML files, and the one runner that repeats them from images to report.

A recipe says what; networks, data and training say how.
"""

from __future__ import annotations

from importlib.util import find_spec

from calibrant.errors import MissingExtra

# Looked up, not imported: listing recipes must not take the seconds that importing PyTorch takes.
for _package in ("pydantic", "tomli_w"):
    if find_spec(_package) is None:
        raise MissingExtra("Running recipes", "train", _package)
