"""Where Numba keeps what it compiled: a folder that can be written, or one that goes with the process."""

from __future__ import annotations

import atexit
import shutil
import tempfile
import warnings

from numba import config, njit

from calibrant.errors import UnwritableFile


def find_place() -> None:
    """Have Numba keep compiled code in a temporary folder where it finds no place of its own.

    Its own places are the folder of the environment variable NUMBA_CACHE_DIR, the package, and the user's
    cache folder.

    Raises
    ------
    UnwritableFile
        No temporary folder can be made either.
    """
    try:
        njit(cache=True)(_probe)
        return
    except RuntimeError:  # Numba's word for a cache without a place
        pass
    try:
        folder = tempfile.mkdtemp(prefix="calibrant-numba-")
    except OSError as error:
        raise UnwritableFile(
            "no folder can be written for compiled code. Set the environment variable NUMBA_CACHE_DIR to one."
        ) from error
    atexit.register(shutil.rmtree, folder, ignore_errors=True)
    config.CACHE_DIR = folder  # type: ignore[attr-defined]
    warnings.warn(
        "no folder can be written for compiled code, so every process compiles it again, which takes a "
        "while. Set the environment variable NUMBA_CACHE_DIR to a folder that can be written.",
        RuntimeWarning,
        stacklevel=1,
    )


def _probe() -> None:
    """Do nothing: a function that is never compiled."""
