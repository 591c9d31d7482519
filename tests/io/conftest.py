"""Small files with several shards."""

from __future__ import annotations

import pytest


@pytest.fixture
def small_shards(monkeypatch: pytest.MonkeyPatch) -> None:
    """Let files of fifty rows have several shards."""
    from calibrant.io import arrow_tables, csv_format, named_arrays

    for module in (arrow_tables, csv_format, named_arrays):
        monkeypatch.setattr(module, "rows_at_once", lambda row_bytes: 8)
