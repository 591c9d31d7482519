"""Without PyTorch the package says what to install."""

from __future__ import annotations

import importlib
import sys

import pytest

import calibrant.nets
from calibrant.errors import MissingExtra


def test_a_missing_torch_is_reported_with_the_extra_to_install(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "torch", None)
    with pytest.raises(
        MissingExtra, match=r"Building networks needs the package 'torch'.*calibrant\[train\]"
    ):
        importlib.reload(calibrant.nets)
