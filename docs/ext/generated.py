"""The parts of pages that the build writes: a line `<!-- build: name -->` becomes Markdown.

It only knows which function writes which part. A code host shows such a line as nothing.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any

import command_line
import measured
import public_names
import reported

PARTS: dict[str, Callable[[], str]] = {
    "commands": command_line.markdown,
    "guo-2017-table-1": reported.guo,
    "published": reported.published,
    "recipes": measured.markdown,
    "public-names": public_names.markdown,
}
_MARK = re.compile(r"^<!-- build: ([\w-]+) -->$", re.MULTILINE)


def filled(text: str) -> str:
    """Return a page with its generated parts in their places."""
    return _MARK.sub(lambda mark: PARTS[mark[1]](), text)


def _on_source_read(_app: Any, _page: str, source: list[str]) -> None:
    source[0] = filled(source[0])


def setup(app: Any) -> dict[str, bool]:
    """Fill pages as Sphinx reads them."""
    app.connect("source-read", _on_source_read)
    return {"parallel_read_safe": True, "parallel_write_safe": True}
