"""The JSON file of a calibrator: its envelope, written whole and read with every field checked.

It knows no method; what the parameters mean is each calibrator's own business.
"""

from __future__ import annotations

import base64
import binascii
import json
import math
import os
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np

from calibrant._typing import Floats
from calibrant._version import __version__
from calibrant.atomic import write_text
from calibrant.errors import UnreadableFile
from calibrant.foreign import json_value
from calibrant.plain import read_bytes
from calibrant.printable import shown

SCHEMA = "calibrant.calibrator/1"

MOST_LISTED = 1000
"""Arrays of more numbers than this are stored as base64 instead of lists."""


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
        content = json_value(read_bytes(path), numbers="any")  # each is checked by its name
    except ValueError as error:
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
        or not _is_finite(value)
        or value <= above
    ):
        limit = "" if above == -math.inf else f" above {above:g}"
        raise UnreadableFile(f"{key!r} must be a finite number{limit}; got {shown(repr(value))}.")
    return float(value)


def encode_array(array: Floats) -> list[Any] | dict[str, Any]:
    """Return a float64 array of finite numbers as JSON values that give back its very bits.

    Up to 1,000 numbers become nested lists; more become
    ``{"shape": [...], "dtype": "<f8", "base64": "..."}``, the bytes in C order, little-endian.

    Examples
    --------
    >>> encode_array(np.array([0.5, 2.0]))
    [0.5, 2.0]
    """
    if array.size <= MOST_LISTED:
        listed: list[Any] = array.tolist()
        return listed
    data = np.ascontiguousarray(array, dtype="<f8").tobytes()
    return {
        "shape": list(array.shape),
        "dtype": "<f8",
        "base64": base64.b64encode(data).decode("ascii"),
    }


def decode_array(values: Mapping[str, Any], key: str, *, shape: tuple[int | None, ...]) -> Floats:
    """Return the read-only float64 array that `encode_array` left at `key`.

    Parameters
    ----------
    values : mapping
        The parameters that were read.
    key : str
        Where the array stands.
    shape : tuple of int or None
        The shape that it must have; None allows any length along that axis.

    Raises
    ------
    UnreadableFile
        It is missing, of another form or shape, or holds a number that is not finite.

    Examples
    --------
    >>> decode_array({"bias": [0.5, 2.0]}, "bias", shape=(None,)).tolist()
    [0.5, 2.0]
    """
    stored = values.get(key)
    array = _from_base64(stored, key) if isinstance(stored, Mapping) else _from_list(stored, key)
    if array.ndim != len(shape) or any(
        want is not None and have != want for have, want in zip(array.shape, shape, strict=True)
    ):
        wanted = " × ".join("any" if length is None else str(length) for length in shape)
        raise UnreadableFile(f"{key!r} must have the shape {wanted}; got {array.shape}.")
    if not np.isfinite(array).all():
        raise UnreadableFile(f"{key!r} must hold finite numbers only.")
    array.flags.writeable = False
    return array


def _from_list(stored: Any, key: str) -> Floats:
    def is_number(value: Any) -> bool:
        return isinstance(value, int | float) and not isinstance(value, bool)

    def are_numbers(value: Any) -> bool:
        return all(map(are_numbers, value)) if isinstance(value, list) else is_number(value)

    try:
        if not isinstance(stored, list) or not are_numbers(stored):
            raise ValueError
        return np.array(stored, dtype=np.float64)
    except (ValueError, OverflowError):
        raise UnreadableFile(f"{key!r} must be an array of numbers; got {str(stored)[:40]!r}.") from None


def _from_base64(stored: Mapping[str, Any], key: str) -> Floats:
    shape, dtype, text = (stored.get(name) for name in ("shape", "dtype", "base64"))
    is_shape = isinstance(shape, list) and all(type(length) is int and length >= 0 for length in shape)
    if not is_shape or dtype != "<f8" or not isinstance(text, str):
        raise UnreadableFile(f"{key!r} must have 'shape', 'dtype' \"<f8\" and 'base64'.")
    try:
        data = base64.b64decode(text, validate=True)
        return np.frombuffer(data, dtype="<f8").reshape(shape).astype(np.float64)
    except (binascii.Error, ValueError, OverflowError) as error:
        raise UnreadableFile(f"{key!r} is not {shape} float64 numbers in base64 ({error}).") from error


def _is_finite(value: float) -> bool:
    try:
        return math.isfinite(value)
    except OverflowError:  # a whole number beyond float64
        return False
