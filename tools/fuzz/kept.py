"""Findings on disk: one for each kind of error and place in calibrant, with its smallest input."""

from __future__ import annotations

import hashlib
import traceback
from pathlib import Path
from typing import final

import calibrant

PACKAGE = Path(calibrant.__file__).parent


@final
class Kept:
    """A folder of findings: ``NAME.bin``, the input, and ``NAME.txt``, what it brings about."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        folder.mkdir(parents=True, exist_ok=True)

    def add(self, content: bytes, error: BaseException) -> None:
        """Keep an input, unless a smaller one does the same."""
        name = self._folder / signature(error)
        path = name.with_suffix(".bin")
        if not path.exists() or path.stat().st_size > len(content):
            path.write_bytes(content)
            text = "".join(traceback.format_exception(error))
            name.with_suffix(".txt").write_text(text[:20_000], encoding="utf-8", errors="replace")


def signature(error: BaseException) -> str:
    """Return a name for what went wrong: the error's type, and the last place in calibrant that it left.

    Where an error in words is itself what went wrong, the place is that of those words.
    """
    frames = traceback.extract_tb((error.__cause__ or error).__traceback__)
    own = [frame for frame in frames if Path(frame.filename).is_relative_to(PACKAGE)]
    where = f"{Path(own[-1].filename).stem}-{own[-1].lineno}" if own else "nowhere"
    text = f"{type(error).__name__}{where}{str(error)[:40] if not own else ''}"
    digest = hashlib.sha256(text.encode("utf-8", "replace")).hexdigest()[:6]
    return f"{type(error).__name__}-{where}-{digest}"
