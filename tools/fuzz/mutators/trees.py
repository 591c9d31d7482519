"""Values as JSON and TOML hold them: one or a few places of a tree changed."""

from __future__ import annotations

import base64
import binascii
import json
import random
import tomllib
from collections.abc import Iterator
from typing import Any

import tomli_w

from tools.fuzz.mutators.draw import ODD_NUMBERS, ODD_TEXTS, Bytes

_MOST_PLACES = 5000


def json_text(content: bytes, draw: random.Random, mutated: Bytes) -> bytes:
    """Change a few places of a JSON text; text that is none is left to the fuzzer."""
    try:
        tree = json.loads(content)
        for _ in range(draw.choice((1, 1, 1, 2, 4))):
            tree = changed(tree, draw, mutated)
        text = json.dumps(tree, ensure_ascii=draw.random() < 0.5)
    except (ValueError, RecursionError):
        return mutated(content)
    return text.encode("utf-8", "surrogatepass")


def json_lines(content: bytes, draw: random.Random, mutated: Bytes) -> bytes:
    """Change one line of JSON, or the order and number of lines."""
    lines = content.splitlines()
    if not lines or draw.random() < 0.1:
        return mutated(content)
    index = draw.randrange(len(lines))
    lines[index : index + 1] = draw.choice(
        ([json_text(lines[index], draw, mutated)],) * 6 + ([], [lines[index]] * 2, [b""])
    )
    return b"\n".join(lines) + b"\n"


def toml_text(content: bytes, draw: random.Random, mutated: Bytes) -> bytes:
    """Change a few places of a TOML text; text that is none is left to the fuzzer."""
    try:
        tree = tomllib.loads(content.decode("utf-8"))
        for _ in range(draw.choice((1, 1, 2))):
            tree = changed(tree, draw, mutated)
        return tomli_w.dumps(tree).encode("utf-8")
    except (ValueError, TypeError, AttributeError, RecursionError):
        return mutated(content)


def changed(tree: Any, draw: random.Random, mutated: Bytes) -> Any:
    """Change one place of a tree, in place where it is not the root."""
    places = list(_places(tree))
    if not places:
        return _odd(draw)
    owner, key = draw.choice(places)
    change = draw.randrange(10)
    if change < 3:
        owner[key] = _odd(draw)
    elif change < 5:
        owner[key] = _nudged(owner[key], draw, mutated)
    elif change == 5:
        del owner[key]
    elif change == 6 and isinstance(owner, dict):
        owner[draw.choice((draw.choice(ODD_TEXTS), draw.choice(places)[1], key))] = owner.pop(key)
    elif change == 7:
        other, at = draw.choice(places)
        owner[key] = json.loads(json.dumps(other[at], default=str))
    elif change == 8 and isinstance(owner, list):
        owner[key:key] = [owner[key]] * draw.choice((1, 2, 50))
    else:
        owner[key] = [owner[key]] if draw.random() < 0.5 else {"": owner[key]}
    return tree


def _places(tree: Any) -> Iterator[tuple[Any, Any]]:
    open_nodes, found = [tree], 0
    while open_nodes and found < _MOST_PLACES:
        node = open_nodes.pop()
        if isinstance(node, dict | list):
            for key in list(node) if isinstance(node, dict) else range(len(node)):
                yield node, key
                found += 1
                open_nodes.append(node[key])


def _odd(draw: random.Random) -> Any:
    kind = draw.randrange(6)
    if kind < 2:
        return draw.choice(ODD_NUMBERS)
    if kind == 2:
        return draw.choice(ODD_TEXTS)
    if kind == 3:
        return draw.choice((None, True, False))
    if kind == 4:
        return draw.choice(([], {}, [[]], [{}], [0.5] * 1500, [[0.0, 1.0], [0.0]]))
    nested: Any = 1.0
    for _ in range(draw.choice((3, 40, 400, 900))):
        nested = [nested]
    return nested


def _nudged(value: Any, draw: random.Random, mutated: Bytes) -> Any:
    if isinstance(value, bool) or value is None:
        return not value
    if isinstance(value, int):
        return draw.choice((value + 1, value - 1, -value, value * 2, value + 0.5, draw.randrange(100)))
    if isinstance(value, float):
        return draw.choice((-value, value * 2, value * 1e9, value * 1e-9, value + 1, draw.gauss(0, 3)))
    if isinstance(value, str):
        return _text(value, draw, mutated)
    if isinstance(value, list):
        return draw.choice((value[::-1], value[:-1], value[1:], value * 2, sorted(value, key=str)))
    return dict(list(value.items())[::-1]) if isinstance(value, dict) else value


def _text(value: str, draw: random.Random, mutated: Bytes) -> str:
    try:
        content = base64.b64decode(value, validate=True)
    except (binascii.Error, ValueError):
        content = b""
    if len(content) >= 8 and draw.random() < 0.7:
        return base64.b64encode(mutated(content)).decode("ascii")
    return mutated(value.encode("utf-8", "surrogatepass")).decode("utf-8", "replace")
