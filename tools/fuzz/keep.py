"""The few inputs of a corpus that reach what all of it reaches.

``python -m tools.fuzz.keep FOLDER TARGET...`` reads the folder of a campaign and writes to
``tests/fuzz/corpus``, where the tests read them and the next campaign starts from them.
"""

from __future__ import annotations

import hashlib
import os
import sys
from collections.abc import Iterable, Mapping
from pathlib import Path
from types import FrameType
from typing import Any

from tools.fuzz.campaign import KEPT
from tools.fuzz.kept import PACKAGE
from tools.fuzz.targets import TARGETS, Reader, examine

MOST_FILES, MOST_BYTES = 20, 28_000
_INSIDE = f"{PACKAGE}{os.sep}"

Line = tuple[str, int]


def reached(read: Reader, content: bytes) -> frozenset[Line]:
    """Return the lines of calibrant that reading the bytes goes through."""
    lines: set[Line] = set()

    def trace(frame: FrameType, event: str, _: Any) -> Any:
        if not frame.f_code.co_filename.startswith(_INSIDE):
            return None
        lines.add((frame.f_code.co_filename, frame.f_lineno))
        return trace

    sys.settrace(trace)
    try:
        examine(read, content)
    except Exception:
        return frozenset()  # a finding, which is kept elsewhere
    finally:
        sys.settrace(None)
    return frozenset(lines)


def few(lines: Mapping[bytes, frozenset[Line]]) -> list[bytes]:
    """Return inputs that together reach most, each time the one with the most new lines a byte."""
    chosen: list[bytes] = []
    known: set[Line] = set()
    left = dict(lines)
    while left and len(chosen) < MOST_FILES:
        room = MOST_BYTES - sum(map(len, chosen))
        left = {one: there for one, there in left.items() if len(one) <= room and there - known}
        if left:
            best = max(left, key=lambda one: (len(left[one] - known) / (len(one) + 100), one))
            known |= left.pop(best)
            chosen.append(best)
    return chosen


def keep(name: str, corpus: Iterable[Path]) -> int:
    """Choose and write the inputs of one target; return how many there are."""
    read, folder = TARGETS[name].read(), KEPT / "corpus" / name
    folder.mkdir(parents=True, exist_ok=True)
    contents = {path.read_bytes() for path in [*corpus, *folder.iterdir()]}
    for content in sorted(contents)[:1]:
        examine(read, content)  # what is imported once belongs to no input
    chosen = few({content: reached(read, content) for content in sorted(contents)})
    for path in folder.iterdir():
        path.unlink()
    for content in chosen:
        (folder / hashlib.sha256(content).hexdigest()[:12]).write_bytes(content)
    return len(chosen)


if __name__ == "__main__":
    for target in sys.argv[2:]:
        print(target, keep(target, (Path(sys.argv[1]) / target / "corpus").iterdir()))
