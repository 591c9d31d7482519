"""What all tests share: the real data, if there are any, and how Hypothesis searches."""

from __future__ import annotations

import os
from collections.abc import Iterator
from pathlib import Path

import pytest
from hypothesis import HealthCheck, settings

from calibrant.kernels import few_rows

settings.register_profile(
    "default", deadline=None, max_examples=40, suppress_health_check=[HealthCheck.too_slow]
)
settings.register_profile("ci", settings.get_profile("default"), derandomize=True, print_blob=True)
settings.load_profile("ci" if os.environ.get("CI") else "default")

NO_DATA = "CALIBRANT_DATA is unset: set it to the folder with real predictions and images"


def pytest_runtest_setup(item: pytest.Item) -> None:
    """Skip tests marked `data` where there are no data."""
    if item.get_closest_marker("data") is not None and not os.environ.get("CALIBRANT_DATA"):
        pytest.skip(NO_DATA)


@pytest.fixture(scope="session")
def calibrant_data() -> Path:
    """The folder with real predictions and images."""
    folder = os.environ.get("CALIBRANT_DATA")
    if not folder:
        pytest.skip(NO_DATA)
    path = Path(folder)
    assert path.is_dir(), f"CALIBRANT_DATA is {folder}, which is no folder"
    return path


@pytest.fixture(scope="module")
def _compiled_loops() -> Iterator[None]:
    """Takes the compiled loops for any number of rows, where few are left to NumPy."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(few_rows, "_FEW", 0)
        yield


@pytest.fixture(scope="module", params=["NumPy", "compiled loops"])
def _both_ways(request: pytest.FixtureRequest) -> None:
    """Takes one after the other."""
    if request.param == "compiled loops":
        request.getfixturevalue("_compiled_loops")
