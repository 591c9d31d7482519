"""Without Jinja2 the package says what to install."""

from __future__ import annotations

import importlib
import sys

import pytest

import calibrant.report
from calibrant.errors import MissingExtra


def test_a_missing_jinja2_is_reported_with_the_extra_to_install(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "jinja2", None)
    with pytest.raises(
        MissingExtra, match=r"Writing a report needs the package 'jinja2'.*calibrant\[report\]"
    ):
        importlib.reload(calibrant.report)
