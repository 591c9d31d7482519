"""Without matplotlib the package says what to install."""

from __future__ import annotations

import importlib
import sys

import pytest

import calibrant.plots
from calibrant.errors import MissingExtra


def test_a_missing_matplotlib_is_reported_with_the_extra_to_install(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "matplotlib", None)
    with pytest.raises(MissingExtra, match=r"Drawing needs the package 'matplotlib'.*calibrant\[plot\]"):
        importlib.reload(calibrant.plots)
