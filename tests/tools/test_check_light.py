"""`make check-light`: the built package works in an environment with nothing but its core dependencies."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
UV = (
    os.environ.get("UV")
    or shutil.which("uv")
    or next((str(p) for p in [ROOT / ".uv/bin/uv"] if p.exists()), None)
)


@pytest.mark.skipif(UV is None, reason="uv is not installed: set UV to its path")
@pytest.mark.skipif(not os.environ.get("CI"), reason="installs packages: set CI, or run make check-light")
def test_the_wheel_works_with_the_core_alone() -> None:
    done = subprocess.run(
        [sys.executable, "-m", "tools.check_light"],
        cwd=ROOT,
        env={**os.environ, "UV": str(UV)},
        capture_output=True,
        text=True,
        check=False,
        timeout=300,
    )
    assert done.returncode == 0, done.stdout + done.stderr
    for command in ("evaluate", "fit", "compare", "doctor"):
        assert f"calibrant {command} " in done.stdout
    assert "commands that need an extra name it" in done.stdout
