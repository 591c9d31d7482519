"""What all tests share: the real data, if there are any, and how Hypothesis searches."""

from __future__ import annotations

import os
from pathlib import Path

import pytest
from hypothesis import HealthCheck, settings

settings.register_profile(
    "default", deadline=None, max_examples=60, suppress_health_check=[HealthCheck.too_slow]
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
