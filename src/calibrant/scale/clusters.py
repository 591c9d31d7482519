"""Clusters to work on: processes of this machine, or a scheduler that is running somewhere."""

from __future__ import annotations

import logging
from collections.abc import Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING

from calibrant._version import __version__
from calibrant.errors import ClusterUnavailable, InvalidArgument
from calibrant.scale.library import distributed

if TYPE_CHECKING:
    from distributed import Client

PATIENCE = 10.0
"""Seconds in which a scheduler has to answer, and to have a worker."""
_WITHOUT_PORT = ("inproc://", "ucx://", "ucxx://")
"""Starts of addresses that need not be of the form tcp://HOST:PORT."""


@contextmanager
def local_workers(workers: int | None = None) -> Iterator[Client]:
    """Start processes on this machine, one thread each, and end them in the end.

    A process that dies is started again. Nothing of what Dask logs is shown.

    Parameters
    ----------
    workers : int, optional
        How many; by default one for each core.

    Raises
    ------
    MissingExtra
        `distributed` is not installed.
    """
    dask = distributed()
    from dask import config

    if workers is not None and workers < 1:
        raise InvalidArgument(f"a cluster needs at least one worker; got {workers}.")
    with (
        # A cluster of this machine has no other workers to wait for, so it does not give a slow one up.
        config.set({"distributed.deploy.lost-worker-timeout": "1 day"}),
        dask.LocalCluster(
            n_workers=workers,
            threads_per_worker=1,
            dashboard_address="127.0.0.1:0",
            silence_logs=logging.CRITICAL + 1,
            preload=["calibrant.scale.uninterrupted"],
        ) as cluster,
        dask.Client(cluster, set_as_default=False) as client,
    ):
        yield client


@contextmanager
def connected(scheduler: str) -> Iterator[Client]:
    """Connect to a scheduler that is running, and leave it running in the end.

    Parameters
    ----------
    scheduler : str
        Its address, such as ``tcp://10.0.0.1:8786``.

    Raises
    ------
    ClusterUnavailable
        Within 10 seconds it does not answer, or has no worker; or calibrant is not installed there, or in
        another version.
    MissingExtra
        `distributed` is not installed.
    """
    client = _client(scheduler)
    try:
        _check_workers(client, scheduler)
        yield client
    finally:
        client.close()


def _client(scheduler: str) -> Client:
    try:
        if not scheduler.startswith(_WITHOUT_PORT):
            distributed().comm.get_address_host_port(scheduler)
    except ValueError as error:  # a client that fails on it later stops twenty seconds for nothing
        raise ClusterUnavailable(
            f"{scheduler!r} is no address of a Dask scheduler ({error}). Give one such as tcp://HOST:8786."
        ) from error
    logger = logging.getLogger("distributed")
    before = logger.level
    logger.setLevel(logging.CRITICAL + 1)
    try:
        client: Client = distributed().Client(scheduler, timeout=PATIENCE, set_as_default=False)
        return client
    except (OSError, ValueError) as error:
        raise ClusterUnavailable(
            f"the Dask scheduler at {scheduler} cannot be reached: no answer in {PATIENCE:.0f} seconds. "
            "Start one with `dask scheduler`, or check the address (tcp://HOST:PORT)."
        ) from error
    finally:
        logger.setLevel(before)


def _check_workers(client: Client, scheduler: str) -> None:
    from calibrant.scale.tasks import version

    try:
        client.wait_for_workers(1, timeout=PATIENCE)
    except TimeoutError as error:
        raise ClusterUnavailable(
            f"the Dask scheduler at {scheduler} has no worker. Start some with `dask worker {scheduler}`."
        ) from error
    try:
        found = set(client.run(version).values())
    except Exception as error:
        raise ClusterUnavailable(
            f"the workers of {scheduler} cannot import calibrant ({error}). Install calibrant {__version__} "
            "with the extra `scale` where the scheduler and the workers run."
        ) from error
    if found != {__version__}:
        raise ClusterUnavailable(
            f"the workers of {scheduler} have calibrant {', '.join(sorted(found))}; here is {__version__}. "
            "Install the same version everywhere."
        )
