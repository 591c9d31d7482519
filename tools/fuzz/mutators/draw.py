"""What mutators draw from: a seeded generator, and the fuzzer's own mutation of plain bytes."""

from __future__ import annotations

import random
from collections.abc import Callable

Bytes = Callable[[bytes], bytes]
"""Mutates bytes of no form."""

Mutator = Callable[[bytes, random.Random, Bytes], bytes]
"""Mutates a file so that its form is kept as far as the mutation allows."""

ODD_NUMBERS = (
    0, 1, -1, 2, 3, 7, 255, 256, 65536, 2**31 - 1, 2**31, 2**32, 2**53 + 1, 2**62, 2**63 - 1, 2**63, 2**64,
    -(2**63), 10**18, 10**30, 10**400, 0.0, -0.0, 0.5, 1e-320, 1e-12, 1e300, -1e308, float("inf"),
    float("-inf"), float("nan"),
)  # fmt: skip
ODD_TEXTS = (
    "", " ", "\0", "a\nb", "é", "\ud800", "\u202e", "../x", "x" * 300, "1e999", "NaN", "null", "{}", "[/b]",
    "temperature", "logits", "probs", "labels", "0",
)  # fmt: skip


def plain(content: bytes, draw: random.Random, mutated: Bytes) -> bytes:
    """Leave it to the fuzzer."""
    return mutated(content)
