"""Where Numba keeps what it compiled: a folder that can be written, or one that goes with the process."""

from __future__ import annotations

import os
import shutil
import tempfile
import warnings
from contextlib import suppress
from multiprocessing.util import Finalize

from numba import config, njit

from calibrant.errors import UnwritableFile

_VARIABLE = "NUMBA_CACHE_DIR"


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
            f"no folder can be written for compiled code. Set the environment variable {_VARIABLE} to one."
        ) from error
    # Unlike functions of atexit it is called at the end of processes of a pool, too.
    Finalize(None, shutil.rmtree, (folder, True), exitpriority=0)
    config.CACHE_DIR = folder  # type: ignore[attr-defined]
    os.environ[_VARIABLE] = folder  # for the processes that this one starts
    with suppress(RuntimeWarning):  # where warnings are errors: slow is not wrong
        warnings.warn(
            "no folder can be written for compiled code, so every process compiles it again, which takes a "
            f"while. Set the environment variable {_VARIABLE} to a folder that can be written.",
            RuntimeWarning,
            stacklevel=1,
        )


def _probe() -> None:
    """Do nothing: a function that is never compiled."""
