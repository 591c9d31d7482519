"""NumPy's `.npy`: the header rewritten in words, or the numbers changed."""

from __future__ import annotations

import random
import re
import struct

from tools.fuzz.mutators.draw import Bytes

_TYPES = (
    "'<f8'", "'<f4'", "'<f2'", "'>f8'", "'<f16'", "'<c16'", "'<i8'", "'>i4'", "'i1'", "'<u8'", "'b1'",
    "'<U3'", "'>U2'", "'|S4'", "'|S0'", "'<U0'", "'|V8'", "'|V0'", "'|O'", "'<M8[s]'", "'<m8[D]'",
    "[('logits', '<f4', (3,)), ('labels', '<i8')]", "[('logits', '<f8', (2,)), ('labels', '|O')]",
    "[('labels', '<i8'), ('classes', '|u1', (0,)), ('probs', '<f4', (2,))]", "[]", "[('', '<f8')]",
    "[('a', [('logits', '<f4')]), ('labels', '<i2')]", "('<f4', (2, 2))", "'<f8,<i8'", "'f8' * 9", "1",
)  # fmt: skip
_SHAPES = (
    "()", "(0,)", "(1,)", "(6,)", "(6, 1)", "(6, 3)", "(3, 6)", "(2, 3, 3)", "(0, 3)", "(6, 0)", "(-1,)",
    "(-6, -3)", "(2**40,)", "(1 << 70,)", "(4611686018427387904, 4)", "(18446744073709551617,)", "(6.0, 3)",
    "(True, 6)", "[6, 3]", "6", "None", "(0, 99999999999999999999)", "(1,) * 70",
)  # fmt: skip
_LONGEST_HEADER = 9000


def npy(content: bytes, draw: random.Random, mutated: Bytes) -> bytes:
    """Change the type, the order, the shape or the version in the header, or the bytes behind it."""
    start = content.find(b"{")
    end = content.find(b"\n", start)
    if start < 0 or end < 0 or draw.random() < 0.3:
        return mutated(content)
    header, numbers = content[start:end].decode("latin-1"), content[end + 1 :]
    change = draw.randrange(6)
    if change == 0:
        header = re.sub(r"'descr':\s*[^F]*?,\s*'fortran", f"'descr': {draw.choice(_TYPES)}, 'fortran", header)
    elif change == 1:
        header = re.sub(r"'shape':\s*\(.*?\)", f"'shape': {draw.choice(_SHAPES)}", header)
    elif change == 2:
        header = header.replace("False", "True")
    elif change == 3:
        header = mutated(header.strip().encode("latin-1"))[:_LONGEST_HEADER].decode("latin-1")
    elif change == 4:
        header = draw.choice(
            ("{" * 3000, "[" * 200, "-" * 5000 + "1", header + " " * 12000, "{**1}", "{'a': 1}")
        )
    else:
        numbers = mutated(numbers)
    version = draw.choice(((1, 0), (1, 0), (2, 0), (3, 0), (9, 9)))
    text = header.strip().encode("latin-1", "replace") + b"\n"
    length = struct.pack("<H" if version == (1, 0) else "<I", len(text))
    return b"\x93NUMPY" + bytes(version) + length + text + numbers
