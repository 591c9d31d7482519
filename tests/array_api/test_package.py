"""Without array-api-compat the package says what to install, and nothing else needs it."""

from __future__ import annotations

import importlib
import subprocess
import sys

import pytest

import calibrant.array_api
from calibrant.errors import MissingExtra


def test_a_missing_extra_is_reported_with_its_name(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "array_api_compat", None)
    with pytest.raises(MissingExtra, match=r"needs the package 'array-api-compat'.*calibrant\[array\]"):
        importlib.reload(calibrant.array_api)


def test_it_loads_no_array_library_but_numpy() -> None:
    code = "import sys, calibrant.array_api; print([m for m in ('torch', 'cupy', 'jax') if m in sys.modules])"
    done = subprocess.run(
        [sys.executable, "-c", code], capture_output=True, text=True, check=True, timeout=60
    )
    assert done.stdout.strip() == "[]"
