"""Without what reports are made with the package says what to install."""

from __future__ import annotations

import importlib
import sys

import pytest

import calibrant.report
from calibrant.errors import MissingExtra


@pytest.mark.parametrize("package", ["pydantic", "jinja2"])
def test_a_missing_package_is_reported_with_the_extra_to_install(
    package: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(sys.modules, package, None)
    with pytest.raises(
        MissingExtra, match=rf"Writing a report needs the package '{package}'.*calibrant\[report\]"
    ):
        importlib.reload(calibrant.report)
