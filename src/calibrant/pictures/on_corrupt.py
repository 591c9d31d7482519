"""What to do at an image that cannot be read."""

from __future__ import annotations

from typing import Literal

OnCorrupt = Literal["stop", "skip"]
