"""How the inputs and outputs of a program nest, as PyTorch writes it: JSON texts of tuples, lists and dicts.

PyTorch imports modules that such a text names; here only the three types of Python are let through.
"""

from __future__ import annotations

import json
import re
from typing import Any

_TYPES = (None, "builtins.tuple", "builtins.list", "builtins.dict")
_PROTOCOL = 1
_NAME = re.compile(r"\w+")


def plain_tree(text: str) -> str | None:
    """Return the text written anew; None where it is no such tree, or one of other types."""
    try:
        protocol, tree = json.loads(text)
        return json.dumps([protocol, _plain(tree)]) if protocol == _PROTOCOL else None
    except (LookupError, TypeError, ValueError, RecursionError):
        return None


def _plain(tree: Any) -> dict[str, Any]:
    kind, context = tree["type"], tree["context"]
    if kind not in _TYPES:
        raise ValueError
    names = None if context is None else json.loads(context)
    if names is not None and not _are_names(names):
        raise ValueError
    return {
        "type": kind,
        "context": None if context is None else json.dumps(names),
        "children_spec": [_plain(child) for child in list(tree["children_spec"])],
    }


def _are_names(value: Any) -> bool:
    return isinstance(value, list) and all(isinstance(each, str) and _NAME.fullmatch(each) for each in value)
