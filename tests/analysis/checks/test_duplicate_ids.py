"""Identifiers that stand twice."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import numpy as np
import pytest

from tests.analysis.checks.cases import fires, silent, sound, sound_top_label


@pytest.mark.parametrize("make", [sound, sound_top_label])
@pytest.mark.parametrize("dtype", [np.int64, np.str_])
def test_they_are_counted(make: Any, dtype: Any) -> None:
    ids = np.arange(1000).astype(dtype)
    assert silent("duplicate_ids", replace(make(), ids=ids))
    ids[[40, 50]] = ids[[3, 3]]
    found = fires("duplicate_ids", replace(make(), ids=ids))
    assert (found.severity, found.rows, found.example) == ("warning", 2, 40)
    assert "such as 3." in found.what


def test_without_identifiers_there_are_none() -> None:
    assert silent("duplicate_ids", sound())
