"""Loading a calibrator that was saved: the envelope, the method's name, then its own parameters.

Saving is `Calibrator.save`.
"""

from __future__ import annotations

import os
from collections.abc import Mapping
from typing import Any

from calibrant.calibrators import document
from calibrant.calibrators.base import Calibrator, FitRecord
from calibrant.calibrators.registry import calibrator
from calibrant.errors import InvalidArgument, UnreadableFile


def load(path: str | os.PathLike[str]) -> Calibrator:
    """Read a calibrator from the JSON file that `Calibrator.save` wrote.

    Raises
    ------
    UnreadableFile
        No such file, not a calibrator's, or a value in it that cannot be.
    """
    content = document.read(path)
    try:
        loaded = calibrator(content.method)
        loaded._restore(content.parameters)
        loaded.fitted_on_ = None if content.fitted_on is None else _record(content.fitted_on)
    except InvalidArgument as error:
        raise UnreadableFile(f"{path}: {error}") from error
    except UnreadableFile as error:
        raise UnreadableFile(f"{path} is damaged: {error}") from error
    return loaded


def _record(values: Mapping[str, Any]) -> FitRecord:
    n, k, classes, content_hash = (values.get(key) for key in ("n", "k", "classes", "content_hash"))
    if not (isinstance(n, int) and isinstance(k, int) and n >= 1 and k >= 2):
        raise UnreadableFile(f"'fitted_on' must have n ≥ 1 and k ≥ 2; got {n!r} and {k!r}.")
    if classes is not None and not (
        isinstance(classes, list) and len(classes) == k and all(isinstance(name, str) for name in classes)
    ):
        raise UnreadableFile(f"'classes' must be null or {k} names.")
    if not isinstance(content_hash, str):
        raise UnreadableFile(f"'content_hash' must be a string; got {content_hash!r}.")
    nll = document.number(values, "nll")
    assert nll is not None
    return FitRecord(n, k, None if classes is None else tuple(classes), content_hash, nll)
