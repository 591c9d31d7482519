"""Loading a calibrator that was saved: the envelope, the method's name, then its own parameters.

Saving is `Calibrator.save`.
"""

from __future__ import annotations

import os
from collections.abc import Mapping
from typing import Any

from calibrant.calibrators import document
from calibrant.calibrators.auto import AutoCalibrator
from calibrant.calibrators.base import Calibrator, FitRecord
from calibrant.calibrators.one_vs_rest import OneVsRest
from calibrant.calibrators.registry import calibrator
from calibrant.errors import InvalidArgument, UnreadableFile
from calibrant.printable import shown


def load(path: str | os.PathLike[str]) -> Calibrator:
    """Read a calibrator from the JSON file that `Calibrator.save` wrote.

    Raises
    ------
    UnreadableFile
        No such file, not a calibrator's, or a value in it that cannot be.
    """
    content = document.read(path)
    try:
        loaded = restored(content.method, content.parameters)
        loaded.fitted_on_ = None if content.fitted_on is None else _record(content.fitted_on)
    except InvalidArgument as error:
        raise UnreadableFile(f"{path}: {error}") from error
    except UnreadableFile as error:
        raise UnreadableFile(f"{path} is damaged: {error}") from error
    return loaded


def restored(method: str, parameters: Mapping[str, Any]) -> Calibrator:
    """Build a calibrator from its method and what its `parameters` returned, its members first.

    Raises
    ------
    InvalidArgument
        There is no such method.
    UnreadableFile
        A value that cannot be.

    Examples
    --------
    >>> restored("temperature", {"temperature": 2.0}).describe()
    'temperature scaling: T = 2.0000 (softens)'
    """
    built = calibrator(method)
    if isinstance(built, OneVsRest):
        built._restore(_with_members(parameters))
    elif isinstance(built, AutoCalibrator):
        built._restore(_with_chosen(parameters))
    else:
        built._restore(parameters)
    return built


def _with_members(parameters: Mapping[str, Any]) -> dict[str, Any]:
    """Return the parameters of one against the rest with calibrators in place of names and values."""
    binary, members = parameters.get("binary"), parameters.get("members")
    if not isinstance(binary, str) or binary == OneVsRest.method:
        raise UnreadableFile(f"'binary' must be a method for two classes; got {shown(repr(binary))}.")
    if not isinstance(members, list) or not all(isinstance(values, Mapping) for values in members):
        raise UnreadableFile("'members' must be the parameters of each class.")
    return {"binary": calibrator(binary), "members": [restored(binary, values) for values in members]}


def _with_chosen(parameters: Mapping[str, Any]) -> dict[str, Any]:
    """Return the parameters of a choice with the chosen calibrator in place of its method."""
    chosen, values = parameters.get("chosen"), parameters.get("parameters")
    if not isinstance(chosen, str) or chosen == AutoCalibrator.method or not isinstance(values, Mapping):
        raise UnreadableFile(
            f"'chosen' must be a method other than itself, with 'parameters'; got {shown(repr(chosen))}."
        )
    return {**parameters, "chosen": restored(chosen, values)}


def _record(values: Mapping[str, Any]) -> FitRecord:
    n, k, classes, content_hash = (values.get(key) for key in ("n", "k", "classes", "content_hash"))
    if not (isinstance(n, int) and isinstance(k, int) and n >= 1 and k >= 2):
        raise UnreadableFile(
            f"'fitted_on' must have n ≥ 1 and k ≥ 2; got {shown(repr(n))} and {shown(repr(k))}."
        )
    if classes is not None and not (
        isinstance(classes, list) and len(classes) == k and all(isinstance(name, str) for name in classes)
    ):
        raise UnreadableFile(f"'classes' must be null or {k} names.")
    if not isinstance(content_hash, str):
        raise UnreadableFile(f"'content_hash' must be a string; got {shown(repr(content_hash))}.")
    nll, kind = document.number(values, "nll"), values.get("kind")
    assert nll is not None
    if kind not in (None, "logits", "probs"):
        raise UnreadableFile(f'\'kind\' must be "logits", "probs" or null; got {shown(repr(kind))}.')
    return FitRecord(n, k, None if classes is None else tuple(classes), content_hash, nll, kind)
