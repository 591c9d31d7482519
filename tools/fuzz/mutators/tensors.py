"""Safetensors: the JSON of the header changed as a tree, or the numbers behind it."""

from __future__ import annotations

import random
import struct

from tools.fuzz.mutators.draw import Bytes
from tools.fuzz.mutators.trees import json_text

_LENGTHS = (0, 1, 7, 2**31, 2**40, 2**63, 2**64 - 1, 100_000_000)


def safetensors(content: bytes, draw: random.Random, mutated: Bytes) -> bytes:
    """Change the header, its length, or the numbers."""
    (length,) = struct.unpack("<Q", content[:8].ljust(8, b"\0"))
    header, numbers = content[8 : 8 + length], content[8 + length : len(content)]
    change = draw.randrange(10)
    if change < 6:
        header = json_text(header, draw, mutated)
    elif change < 8:
        numbers = mutated(numbers)
    elif change == 8:
        return mutated(content)
    else:
        return struct.pack("<Q", draw.choice(_LENGTHS)) + header + numbers
    return struct.pack("<Q", len(header)) + header + numbers
