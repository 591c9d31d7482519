"""Imports point down, and the arithmetic needs only NumPy, SciPy and Numba."""

from __future__ import annotations

import configparser
import os
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).parents[1]
FORBIDDEN = {
    "array_api_compat",
    "dask",
    "distributed",
    "torch",
    "torchvision",
    "timm",
    "lightning_fabric",
    "datasets",
    "sklearn",
    "pandas",
    "pyarrow",
    "pydantic",
    "matplotlib",
    "jinja2",
    "typer",
    "rich",
}
LIGHT = {"analysis", "calibrators", "io", "metrics", "predictions", "kernels", "solvers", "engine"}


def contracts() -> configparser.ConfigParser:
    parser = configparser.ConfigParser()
    assert parser.read(ROOT / ".importlinter", encoding="utf-8")
    return parser


def lint(config: Path) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [str(Path(sys.executable).with_name("lint-imports")), "--config", str(config), "--no-cache"],
        cwd=ROOT,
        env={**os.environ, "COLUMNS": "200"},
        capture_output=True,
        text=True,
        check=False,
        timeout=120,
    )


def test_the_contracts_are_kept() -> None:
    done = lint(ROOT / ".importlinter")
    assert done.returncode == 0, done.stdout + done.stderr
    assert "0 broken" in done.stdout
    assert "Contracts: 0 kept" not in done.stdout


def test_every_package_has_its_place_in_the_layers() -> None:
    text = contracts()["importlinter:contract:layers"]["layers"]
    placed = {
        name.strip().removeprefix("calibrant.") for line in text.splitlines() for name in line.split("|")
    }
    packages = {folder.parent.name for folder in (ROOT / "src" / "calibrant").glob("*/__init__.py")}
    assert packages <= placed
    assert len(packages) >= 14


def test_the_arithmetic_is_forbidden_everything_heavy() -> None:
    contract = contracts()["importlinter:contract:light"]
    assert contract["type"] == "forbidden"
    assert set(contract["forbidden_modules"].split()) >= FORBIDDEN
    sources = {name.removeprefix("calibrant.") for name in contract["source_modules"].split()}
    assert sources >= LIGHT


def test_a_contract_that_is_broken_is_found(tmp_path: Path) -> None:
    broken = contracts()
    section = broken["importlinter:contract:light"]
    section["forbidden_modules"] = section["forbidden_modules"] + "\nnumpy"
    with (tmp_path / "broken.ini").open("w", encoding="utf-8") as handle:
        broken.write(handle)
    done = lint(tmp_path / "broken.ini")
    assert done.returncode == 1
    assert "1 broken" in done.stdout
