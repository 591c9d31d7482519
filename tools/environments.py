"""Builds the package and makes fresh environments for it. What is checked there is not known here."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).parents[1]


def uv() -> str:
    """Return the program uv: of the variable UV, of the search path, or where the Makefile puts it."""
    found = os.environ.get("UV") or shutil.which("uv")
    found = found or next((str(path) for path in [ROOT / ".uv/bin/uv"] if path.exists()), None)
    if found is None:
        sys.exit(
            "uv is not installed. `make test` installs it beside the environment, or set UV to its path."
        )
    return found


def clean() -> dict[str, str]:
    """Return the environment variables without those by which Python would find or write other files."""
    return {name: value for name, value in os.environ.items() if not name.startswith("PYTHON")}


def run(*words: object) -> str:
    """Run a program and return what it printed; stop with its output where it failed."""
    done = subprocess.run(
        [str(word) for word in words],
        capture_output=True,
        text=True,
        check=False,
        cwd=ROOT,
        env=clean(),
    )
    if done.returncode:
        sys.exit(f"{' '.join(map(str, words))} ended with {done.returncode}:\n{done.stdout}{done.stderr}")
    return done.stdout


def build(folder: Path) -> tuple[Path, Path]:
    """Build the package into a folder and return the wheel and the source distribution."""
    run(uv(), "build", "--quiet", "--out-dir", folder, ROOT)
    return next(folder.glob("*.whl")), next(folder.glob("*.tar.gz"))


def environment(folder: Path, python: str | Path = sys.executable) -> Path:
    """Make an environment without any package and return its Python."""
    run(uv(), "venv", "--quiet", "--python", python, folder)
    return folder / "bin" / "python"


def install(python: Path, *words: object, compiled: bool = True) -> None:
    """Install packages into the environment of this Python, compiled to bytecode as pip does, or not."""
    options = ("--quiet", *(["--compile-bytecode"] if compiled else []))
    run(uv(), "pip", "install", *options, "--python", python, *words)
