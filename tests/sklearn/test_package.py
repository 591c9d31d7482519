"""Without scikit-learn the package says what to install."""

from __future__ import annotations

import importlib
import sys

import pytest

pytest.importorskip("sklearn")

import calibrant.sklearn
from calibrant.errors import MissingExtra


def test_a_missing_scikit_learn_is_reported_with_the_extra_to_install(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setitem(sys.modules, "sklearn", None)
    with pytest.raises(MissingExtra, match=r"needs the package 'scikit-learn'.*calibrant\[sklearn\]"):
        importlib.reload(calibrant.sklearn)
