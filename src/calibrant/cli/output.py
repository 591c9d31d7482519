"""What commands say: results on stdout, everything else on stderr."""

from __future__ import annotations

import json
import sys
from typing import Any


def say(text: object) -> None:
    """Print a result."""
    print(text)


def note(text: str) -> None:
    """Print what is not the result."""
    print(text, file=sys.stderr)


def emit(result: dict[str, Any]) -> None:
    """Print one JSON object at full precision. A NaN in it is a defect, and raises."""
    print(json.dumps(result, ensure_ascii=False, allow_nan=False))
