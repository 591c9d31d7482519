"""`open_exported`: a file of `calibrant export`, whichever of the two formats it has."""

from __future__ import annotations

import os
from pathlib import Path

from calibrant.errors import UnreadableFile
from calibrant.exported.exported_model import ExportedModel
from calibrant.exported.onnx_file import open_onnx
from calibrant.exported.program_file import open_program
from calibrant.plain import check_plain
from calibrant.refusals import reason

_ZIP = b"PK"


def open_exported(path: str | os.PathLike[str]) -> ExportedModel:
    """Open a file of `calibrant export`; its content says the format.

    Raises
    ------
    UnreadableFile
        There is no such file, or `calibrant export` did not write it.
    MissingExtra
        What runs the format is not installed.
    """
    file = Path(path)
    check_plain(file)
    try:
        with file.open("rb") as stream:
            start = stream.read(len(_ZIP))
    except OSError as error:
        raise UnreadableFile(f"cannot read {file}: {reason(error)}.") from error
    if not start:
        raise UnreadableFile(f"{file} is empty. Export it again.")
    return open_program(file) if start == _ZIP else open_onnx(file)
