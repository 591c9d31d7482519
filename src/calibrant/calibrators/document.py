"""The JSON file of a calibrator: its envelope, written whole and read with every field checked.

It knows no method; what the parameters mean is each calibrator's own business.
"""

from __future__ import annotations

import json
import math
import os
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from calibrant._version import __version__
from calibrant.atomic import write_text
from calibrant.errors import UnreadableFile

SCHEMA = "calibrant.calibrator/1"


@dataclass(frozen=True, slots=True)
class Document:
    """A calibrator file: the method, its parameters, and what it was fitted on."""

    method: str
    parameters: Mapping[str, Any]
    fitted_on: Mapping[str, Any] | None


def write(
    path: str | os.PathLike[str],
    method: str,
    parameters: Mapping[str, Any],
    fitted_on: Mapping[str, Any] | None,
) -> None:
    """Write the file, whole or not at all."""
    content = {
        "schema": SCHEMA,
        "method": method,
        "parameters": dict(parameters),
        "fitted_on": None if fitted_on is None else dict(fitted_on),
        "version": __version__,
    }
    write_text(path, json.dumps(content, indent=2, ensure_ascii=False, allow_nan=False) + "\n")


def read(path: str | os.PathLike[str]) -> Document:
    """Read the envelope.

    Raises
    ------
    UnreadableFile
        No such file, no JSON, or not a calibrator's.
    """
    try:
        content = json.loads(Path(path).read_bytes().decode("utf-8"))
    except OSError as error:
        raise UnreadableFile(f"cannot read {path}: {error.strerror or error}.") from error
    except (ValueError, RecursionError) as error:
        raise UnreadableFile(f"{path} is not a calibrator: it is no JSON text ({error}).") from error
    if not isinstance(content, dict) or not str(content.get("schema", "")).startswith(
        "calibrant.calibrator/"
    ):
        raise UnreadableFile(f"{path} is not a calibrator: its key 'schema' does not say so.")
    if content["schema"] != SCHEMA:
        raise UnreadableFile(
            f"{path} has the form {content['schema']!r}; this version of calibrant reads {SCHEMA!r}. "
            "Read it with the version that wrote it, or fit again."
        )
    method, parameters = content.get("method"), content.get("parameters")
    fitted_on = content.get("fitted_on")
    if not isinstance(method, str) or not isinstance(parameters, dict):
        raise UnreadableFile(f"{path} names no method with parameters.")
    if fitted_on is not None and not isinstance(fitted_on, dict):
        raise UnreadableFile(f"{path}: 'fitted_on' must be an object or null.")
    return Document(method, parameters, fitted_on)


def number(
    values: Mapping[str, Any], key: str, *, above: float = -math.inf, optional: bool = False
) -> float | None:
    """Return the finite number at `key`, above a limit, or None where that is allowed.

    Raises
    ------
    UnreadableFile
        It is missing, of another type, not finite or not above the limit.
    """
    value = values.get(key)
    if value is None and optional:
        return None
    if (
        isinstance(value, bool)
        or not isinstance(value, int | float)
        or not math.isfinite(value)
        or value <= above
    ):
        limit = "" if above == -math.inf else f" above {above:g}"
        raise UnreadableFile(f"{key!r} must be a finite number{limit}; got {value!r}.")
    return float(value)
