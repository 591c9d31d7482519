"""Without the training packages the error says what to install."""

from __future__ import annotations

import importlib
import sys

import pytest

import calibrant.train
from calibrant.errors import MissingExtra


@pytest.mark.parametrize("package", ["torch", "lightning_fabric", "safetensors"])
def test_a_missing_package_is_reported_with_the_extra_to_install(
    package: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(sys.modules, package, None)
    with pytest.raises(MissingExtra, match=rf"Training needs the package '{package}'.*calibrant\[train\]"):
        importlib.reload(calibrant.train)
