"""Where the rows of a report came from, and how everything was computed."""

from __future__ import annotations

import hashlib
import platform
from collections.abc import Iterable
from dataclasses import dataclass
from importlib.metadata import version
from pathlib import Path

from calibrant._version import __version__
from calibrant.io.place import Place
from calibrant.report.model import FileFacts, Provenance

_PACKAGES = ("numpy", "scipy", "numba")


@dataclass(frozen=True, slots=True)
class Origin:
    """What the user named.

    Attributes
    ----------
    test, validation, calibrator : str, optional
        Files, as they were named.
    options : tuple of str
        How files are read: words to repeat in commands on them, such as `--logits-key outputs`.
    in_parts : bool
        Whether files are read part by part.
    command : str
        That writes the report.
    """

    test: str | None = None
    validation: str | None = None
    calibrator: str | None = None
    options: tuple[str, ...] = ()
    in_parts: bool = False
    command: str = ""


@dataclass(frozen=True, slots=True)
class Content:
    """How many rows there are, and their fingerprint."""

    rows: int
    fingerprint: str


def provenance(
    origin: Origin,
    test: Content,
    validation: Content | None,
    *,
    seed: int,
    notes: Iterable[str] = (),
) -> Provenance:
    """Return how to get the same numbers, without anything that another day or folder would change."""
    files = [_facts("test", origin.test, test)]
    if validation is not None:
        files.append(_facts("validation", origin.validation, validation))
    if origin.calibrator is not None:
        files.append(_facts("calibrator", origin.calibrator, None))
    return Provenance(
        command=origin.command,
        files=tuple(files),
        seed=seed,
        versions=package_versions(),
        notes=tuple(notes),
    )


def package_versions() -> tuple[tuple[str, str], ...]:
    """Return what the numbers were computed with."""
    packages = ((name, version(name)) for name in _PACKAGES)
    return (("calibrant", __version__), ("Python", platform.python_version()), *packages)


def _facts(role: str, path: str | None, content: Content | None) -> FileFacts:
    return FileFacts(
        role=role,
        name="rows in memory" if path is None else Place.of(path).name,
        rows=None if content is None else content.rows,
        sha256=None if path is None else _sha256(Place.of(path).local),
        content=None if content is None else content.fingerprint,
    )


def _sha256(path: Path | None) -> str | None:
    """Return the hash of a file's bytes; None for a folder or a URL."""
    if path is None or not path.is_file():
        return None
    with path.open("rb") as handle:
        return hashlib.file_digest(handle, "sha256").hexdigest()
