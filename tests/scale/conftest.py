"""A cluster inside this process, which all tests of a run share, and rows in files that it reads."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from calibrant.io import write
from tests.drawn_predictions import overconfident

if TYPE_CHECKING:
    from distributed import Client


@pytest.fixture(scope="session")
def client() -> Iterator[Client]:
    """Return a client of two workers, two threads each, in this process."""
    from distributed import Client, LocalCluster

    with (
        LocalCluster(
            n_workers=2, threads_per_worker=2, processes=False, dashboard_address="127.0.0.1:0"
        ) as cluster,
        Client(cluster, set_as_default=False) as client,
    ):
        yield client


@pytest.fixture(scope="session")
def path(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return a file of 2,000 weighted rows of three classes."""
    target = tmp_path_factory.mktemp("scale") / "rows.npy"
    write(overconfident(2_000, 3, weighted=True), target)
    return target
