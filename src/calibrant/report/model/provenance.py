"""What was found in the data, and how everything was computed."""

from __future__ import annotations

from calibrant.report.model.base import Model


class Finding(Model):
    """What a check of the rows found.

    Attributes
    ----------
    severity : str
        "error", "warning" or "note".
    name : str
        The check.
    what, advice : str
        What was found, and what to do.
    """

    severity: str
    name: str
    what: str
    advice: str


class FileFacts(Model):
    """A file that was read.

    Attributes
    ----------
    role : str
        What it was for: "test", "validation", "calibrator".
    name : str
        Of the file, without its folder.
    rows : int or None
        Rows in it.
    sha256 : str or None
        Of its bytes; None for a folder or where there is no file.
    content : str or None
        Fingerprint of its rows.
    """

    role: str
    name: str
    rows: int | None
    sha256: str | None
    content: str | None


class Provenance(Model):
    """How to get the same numbers.

    Attributes
    ----------
    command : str
        That wrote the report.
    files : tuple of FileFacts
        What was read.
    seed : int
        Of bootstraps and simulations.
    versions : tuple of (str, str)
        Packages and their versions.
    notes : tuple of str
        What a reader must know beside the numbers.
    """

    command: str
    files: tuple[FileFacts, ...]
    seed: int
    versions: tuple[tuple[str, str], ...]
    notes: tuple[str, ...] = ()
