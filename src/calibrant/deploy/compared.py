"""A written file that is loaded again and compared before it gets its name."""

from __future__ import annotations

import warnings
from collections.abc import Callable
from contextlib import redirect_stdout
from dataclasses import dataclass
from io import StringIO
from pathlib import Path
from typing import Any, TypeVar

import numpy as np
from numpy.typing import NDArray

from calibrant._typing import Floats
from calibrant.atomic import replacing
from calibrant.errors import ExportFailed, MissingExtra, UnreadableFile
from calibrant.exported.opening import open_exported

COMPARED = 200
"""Inputs that are drawn to compare on, or taken from more."""

MOST_DIFFERENCE, MOST_OF_A_NETWORK = 1e-5, 1e-4
"""Of a probability: what a deep network in float32 rounds is more than what a calibrator in float64 does."""

_Result = TypeVar("_Result")


@dataclass(frozen=True, slots=True)
class Exported:
    """A written file.

    Attributes
    ----------
    path : Path
        Where it is.
    compared : int
        How many inputs it was compared on.
    difference : float
        Largest absolute difference of a probability from Python's.
    """

    path: Path
    compared: int
    difference: float


def keep_if_equal(
    path: Path,
    write: Callable[[Path], None],
    *,
    inputs: NDArray[Any],
    wanted: Floats,
    network: bool = False,
) -> Exported:
    """Write a file and keep it if it says what Python says.

    Parameters
    ----------
    path : Path
        Where to.
    write : callable
        Writes the file to the path that it is given.
    inputs : array
        What the file takes; one or more.
    wanted : float64 array, (n, k)
        What Python says of them.
    network : bool
        Whether a network is in it, whose own rounding is let pass.

    Raises
    ------
    ExportFailed
        It cannot be written or run, or says something else. There is no file then.
    UnwritableFile
        The place cannot be written to.
    """
    with replacing(path) as temporary:
        with warnings.catch_warnings(), redirect_stdout(StringIO()):
            warnings.simplefilter("ignore")
            try:
                trying(lambda: write(temporary))
                found = trying(lambda: open_exported(temporary).run(inputs))
            except ExportFailed as error:
                raise ExportFailed(str(error).replace(str(temporary), str(path))) from error
        difference = float(np.abs(found - wanted).max())
        most = MOST_OF_A_NETWORK if network else MOST_DIFFERENCE
        if not difference <= most:
            raise ExportFailed(
                "the exported model says other probabilities than Python: they differ by up to "
                f"{difference:.2g} on {len(inputs):,} inputs, and {most:g} is allowed. "
                "Nothing was written."
            )
    return Exported(path, len(inputs), difference)


def trying(work: Callable[[], _Result]) -> _Result:
    """Return what the work returns; what a library raises becomes `ExportFailed`, unless the disk fails."""
    try:
        return work()
    except (ExportFailed, MissingExtra):
        raise
    except Exception as error:
        if isinstance(error, OSError) and not isinstance(error, UnreadableFile):
            raise  # the disk's fault, not the model's
        said = str(error).strip().splitlines() or [""]
        raise ExportFailed(
            f"this model cannot be exported ({type(error).__name__}: {said[0]}). Nothing was written."
        ) from error
