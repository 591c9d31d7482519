"""Images: bytes changed, then the checksums of PNG chunks put right, without which nothing is decoded."""

from __future__ import annotations

import random
import struct
import zlib

from tools.fuzz.mutators.draw import Bytes

_PNG = b"\x89PNG\r\n\x1a\n"
_NUMBERS = (0, 1, 2, 255, 65535, 2**20, 2**31 - 1, 2**32 - 1)


def picture(content: bytes, draw: random.Random, mutated: Bytes) -> bytes:
    """Change bytes; of PNG also width and height, and the compressed pixels."""
    if not content.startswith(_PNG) or draw.random() < 0.2:
        return mutated(content)
    chunks = list(_chunks(content))
    index = draw.randrange(len(chunks)) if chunks else 0
    if not chunks:
        return mutated(content)
    name, data = chunks[index]
    if name == b"IHDR" and len(data) >= 8 and draw.random() < 0.5:
        data = struct.pack(">II", draw.choice(_NUMBERS), draw.choice(_NUMBERS)) + data[8:]
    elif name == b"IDAT" and draw.random() < 0.5:
        data = zlib.compress(mutated(_inflated(data)))
    else:
        data = mutated(data)
    chunks[index] = (name, data)
    return _PNG + b"".join(
        struct.pack(">I", len(data)) + name + data + struct.pack(">I", zlib.crc32(name + data))
        for name, data in chunks
    )


def _inflated(data: bytes) -> bytes:
    try:
        return zlib.decompressobj().decompress(data, 1 << 16)
    except zlib.error:
        return data


def _chunks(content: bytes) -> list[tuple[bytes, bytes]]:
    at, found = len(_PNG), []
    while at + 12 <= len(content):
        length = int.from_bytes(content[at : at + 4], "big")
        found.append((content[at + 4 : at + 8], content[at + 8 : at + 8 + length]))
        at += 12 + length
    return found
