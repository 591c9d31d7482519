"""`calibrant environment`: versions, also of what is missing, and the settings that change speed."""

from __future__ import annotations

import os
import re
import tomllib
from importlib.metadata import version
from pathlib import Path

import pytest

from calibrant import __version__
from tests.cli.conftest import Program

PYPROJECT = Path(__file__).parents[2] / "pyproject.toml"


def test_it_prints_one_aligned_line_a_fact(calibrant: Program, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("OMP_NUM_THREADS", "3")
    monkeypatch.setenv("NUMBA_CACHE_DIR", "kept-here")
    outcome = calibrant("environment")
    facts = {name: value for name, _, value in (line.partition("  ") for line in outcome.out.splitlines())}
    facts = {name.strip(): value.strip() for name, value in facts.items()}
    assert outcome.code == 0
    assert facts["calibrant"] == __version__
    assert facts["numpy"] == version("numpy")
    assert facts["OMP_NUM_THREADS"] == "3"
    assert facts["numba cache"] == "kept-here"
    assert {"python", "platform", "cores"} <= facts.keys()


def test_no_place_for_compiled_code_is_said(
    calibrant: Program, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    from calibrant.cli import environment

    assert environment._can_be_made(tmp_path / "not" / "there" / "yet")
    assert not environment._can_be_made(Path(os.devnull, "x"))
    monkeypatch.setenv("NUMBA_CACHE_DIR", os.devnull + "/x")
    assert calibrant("environment", "--json").json["numba_cache"].endswith("__pycache__")
    monkeypatch.setattr(environment, "_can_be_made", lambda folder: False)
    assert calibrant("environment", "--json").json["numba_cache"].startswith("none that can be written")


def test_a_package_that_is_not_there_is_missing(calibrant: Program, monkeypatch: pytest.MonkeyPatch) -> None:
    from calibrant.cli import environment

    monkeypatch.setattr(environment, "_PACKAGES", ("numpy", "no-such-package"))
    assert re.search(r"^no-such-package +missing$", calibrant("environment").out, re.MULTILINE)
    assert calibrant("environment", "--json").json["packages"]["no-such-package"] is None


def test_every_dependency_of_the_package_is_reported(calibrant: Program) -> None:
    project = tomllib.loads(PYPROJECT.read_text(encoding="utf-8"))["project"]
    wanted = list(project["dependencies"])
    for extra in project["optional-dependencies"].values():
        wanted += extra
    names = {re.split(r"[><=\[]", word)[0] for word in wanted} - {"calibrant"}
    assert names <= calibrant("environment", "--json").json["packages"].keys()


def test_the_version_points_to_it(calibrant: Program) -> None:
    assert "calibrant environment" in calibrant("--help").out
