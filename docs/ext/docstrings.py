"""Docstrings as Sphinx wants them: signs of formulas that are markup in reStructuredText are escaped.

They are written to be read as text, where |x| is an absolute value and a_ is a fitted attribute. What they
say is not changed.
"""

from __future__ import annotations

import re
from typing import Any

from docutils import nodes
from sphinx import addnodes

_CODE = re.compile(r"(`+[^`]+`+)")
_SIGNS = re.compile(r"\||(?<=\w)_(?!\w)|(?<![\w*])\*(?=[\s*])|\*\*(?=\w)")
_SEVERAL = re.compile(r"(\w+(?:, \w+)+) : (.+)")
_BEFORE_NAPOLEON = 400


def escaped(lines: list[str]) -> list[str]:
    """Return the lines of a docstring, all but its examples and code escaped."""
    found, in_example = [], False
    for line in lines:
        if line.lstrip().startswith(">>>"):
            in_example = True
        elif not line.strip():
            in_example = False
        is_entry = re.fullmatch(r"\s*\*{0,2}[\w, *]+( : .*)?", line) is not None
        found.append(line if in_example or is_entry else _escape(line))
    return found


def _escape(line: str) -> str:
    parts = _CODE.split(line)
    return "".join(
        part if number % 2 else _SIGNS.sub(lambda sign: "\\" + sign[0], part)
        for number, part in enumerate(parts)
    )


def one_by_one(lines: list[str]) -> list[str]:
    """Return the lines with an entry such as `n, k : int` written once for each name."""
    found, waiting = [], list(lines)
    while waiting:
        line = waiting.pop(0)
        several = _SEVERAL.fullmatch(line)
        if several is None:
            found.append(line)
            continue
        said = []
        while waiting and waiting[0].startswith(" "):
            said.append(waiting.pop(0))
        for name in several[1].split(", "):
            found += [f"{name} : {several[2]}", *said]
    return found


def _on_docstring(_app: Any, _kind: str, _name: str, _thing: Any, _options: Any, lines: list[str]) -> None:
    lines[:] = escaped(one_by_one(lines))


def _on_doctree_read(_app: Any, doctree: nodes.document) -> None:
    """Leave links from types only where they name a class: n and k of a shape are no names to look up."""
    for link in list(doctree.findall(addnodes.pending_xref)):
        target = link.get("reftarget", "").rpartition(".")[2]
        if link.get("refdomain") == "py" and not target[:1].isupper():
            link.replace_self(link.children)


def setup(app: Any) -> dict[str, bool]:
    """Escape docstrings before napoleon reads them, and thin out the links that it makes."""
    app.connect("autodoc-process-docstring", _on_docstring, priority=_BEFORE_NAPOLEON)
    app.connect("doctree-read", _on_doctree_read)
    return {"parallel_read_safe": True, "parallel_write_safe": True}
