"""`check_not_over`: no result is written over what it is made from."""

from __future__ import annotations

from pathlib import Path

from calibrant.errors import UnwritableFile


def check_not_over(output: Path | None, *inputs: Path) -> None:
    """Raise `UnwritableFile` where the output is one of the inputs, under whatever name."""
    if output is not None and any(_are_one(output, path) for path in inputs):
        raise UnwritableFile(f"cannot write {output}: it is read from there. Name another place.")


def _are_one(output: Path, path: Path) -> bool:
    try:
        return output.samefile(path)
    except (OSError, ValueError):  # one of them is not there, or cannot be: reading or writing says so
        return False
