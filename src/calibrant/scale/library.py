"""Dask's distributed scheduler, imported where a cluster is used, and nowhere else."""

from __future__ import annotations

from typing import Any

from calibrant.errors import MissingExtra


def distributed() -> Any:
    """Return the package `distributed`.

    Raises
    ------
    MissingExtra
        It is not installed.
    """
    try:
        import distributed
    except ModuleNotFoundError as missing:
        raise MissingExtra("Working on a Dask cluster", "scale", "distributed") from missing
    return distributed
