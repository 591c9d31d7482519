"""JSON, TOML and archives of others: whatever they cannot be, or must not hold, is a `ValueError`.

What the values mean is up to the callers, who name the file.
"""

from __future__ import annotations

import json
import math
import pickle
import re
import struct
import sys
import tomllib
import zipfile
from typing import IO, Any, Literal

TORCH_DAMAGE = (
    OSError, EOFError, RuntimeError, LookupError, TypeError, ValueError, AttributeError, AssertionError,
    ArithmeticError, MemoryError, ImportError, struct.error, pickle.UnpicklingError,
)  # fmt: skip
"""What `torch.load` raises at damaged files; the last also at files of more than plain tensors."""

MOST_LEVELS = 64
"""No document of calibrant is nested half as deeply; Python itself gives up at about a thousand levels."""


def json_value(text: str | bytes, *, numbers: Literal["finite", "any"] = "finite") -> Any:
    """Return the value of a JSON text in UTF-8.

    Parameters
    ----------
    text : str or bytes
        The text.
    numbers : {"finite", "any"}
        Whether NaN and the infinities, which JSON does not know but Python writes, and whole numbers that
        no float can hold are refused.

    Raises
    ------
    ValueError
        It is no such text, is nested too deeply, or has a number that is not finite or half a character.

    Examples
    --------
    >>> json_value('{"temperature": 1.5}')
    {'temperature': 1.5}
    >>> json_value('{"temperature": 1e999}')
    Traceback (most recent call last):
    ...
    ValueError: it has the number inf, which is not finite
    """
    try:
        value = json.loads(text.decode("utf-8") if isinstance(text, bytes) else text)
    except RecursionError:
        raise _too_deep() from None
    _check([value], numbers)
    return value


MOST_CHARACTERS = 1 << 20
"""Of a TOML text: Python's reader takes a second for as many."""

_DOTTED = re.compile(
    rf"""(?<![\w-])(?:(?:[\w-]+|"[^"\n]*"|'[^'\n]*')[ \t]*\.[ \t]*){{{MOST_LEVELS}}}""", re.ASCII
)
"""A key of very many parts, for which Python's reader needs memory by the square of their number."""


def toml_table(text: str, *, numbers: Literal["finite", "any"] = "finite") -> dict[str, Any]:
    """Return the table of a TOML text; arguments and errors are those of `json_value`.

    Examples
    --------
    >>> toml_table("epochs = 3")
    {'epochs': 3}
    """
    if len(text) > MOST_CHARACTERS:
        raise ValueError(f"it has {len(text):,} characters; {MOST_CHARACTERS:,} are the most that are read")
    if _DOTTED.search(text):
        raise _too_deep()
    try:
        table = tomllib.loads(text)
    except RecursionError:
        raise _too_deep() from None
    _check([table], numbers)
    return table


def is_stored(handle: IO[bytes]) -> bool:
    """Return whether a file is an archive whose members are stored as they are, as PyTorch does.

    Raises
    ------
    ValueError
        It is an archive, but damaged, or compressed: a few bytes could become any number.
    """
    try:
        if not zipfile.is_zipfile(handle):
            return False
        with zipfile.ZipFile(handle) as archive:
            if any(member.compress_type != zipfile.ZIP_STORED for member in archive.infolist()):
                raise ValueError("it is compressed, which PyTorch never does.")
    except (zipfile.BadZipFile, NotImplementedError, struct.error) as error:
        raise ValueError("it is a damaged archive.") from error
    return True


def _check(level: list[Any], numbers: str) -> None:
    for _ in range(MOST_LEVELS):
        deeper: list[Any] = []
        for node in level:
            if isinstance(node, dict):
                _check_values(node, deeper, numbers)
                _check_values(node.values(), deeper, numbers)
            else:
                _check_values(node if isinstance(node, list) else (node,), deeper, numbers)
        if not deeper:
            return
        level = deeper
    raise _too_deep()


def _check_values(values: Any, deeper: list[Any], numbers: str) -> None:
    for value in values:
        kind = type(value)
        if kind is float:
            if numbers == "finite" and not math.isfinite(value):
                raise ValueError(f"it has the number {value}, which is not finite")
        elif kind is int:
            if numbers == "finite" and abs(value) > sys.float_info.max:
                raise ValueError("it has a whole number that no float can hold")
        elif kind is str:
            _check_text(value)
        elif kind is list or kind is dict:
            deeper.append(value)


def _check_text(text: str) -> None:
    try:
        text.encode("utf-8")
    except UnicodeEncodeError:
        # It could be neither printed nor written.
        raise ValueError("it has half of a character (a lone surrogate)") from None


def _too_deep() -> ValueError:
    return ValueError(f"it is nested more than {MOST_LEVELS} levels deep")
