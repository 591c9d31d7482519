"""Runs the tests of the arithmetic with the lowest versions that `pyproject.toml` allows, and prints them.

Of a Python for which the lowest version has no wheel it takes the lowest that has one.
A test file that imports a package of an extra is left out: only the core is installed.
"""

from __future__ import annotations

import os
import re
import subprocess
import sys
import tempfile
from pathlib import Path

from tools.environments import ROOT, build, clean, environment, install, run, uv

FOLDERS = ("kernels", "solvers", "predictions", "metrics", "calibrators")
SMOKE = ("cli/test_evaluate.py", "cli/test_fit.py", "cli/test_doctor.py", "cli/test_apply.py")
FOREIGN = re.compile(
    r"^\s*(import|from) (sklearn|torch|betacal|calibration|venn_abers|matplotlib|pyarrow|threadpoolctl)"
    r"|array_api",
    re.MULTILINE,
)
CORE = ("numpy", "scipy", "numba", "typer", "rich")


def core_tests() -> list[Path]:
    """Return the test files that need nothing but the core."""
    files = [path for folder in FOLDERS for path in sorted((ROOT / "tests" / folder).rglob("test_*.py"))]
    files += [ROOT / "tests" / name for name in SMOKE]
    return [path for path in files if not FOREIGN.search(path.read_text(encoding="utf-8"))]


def main() -> None:
    """Install the lowest versions under the Python of the variable PYTHON, or this one, and run the tests."""
    with tempfile.TemporaryDirectory() as there:
        folder = Path(there)
        wheel, _ = build(folder / "dist")
        python = environment(folder / "venv", os.environ.get("PYTHON", sys.executable))
        tools = folder / "constraints.txt"
        pins = (ROOT / "constraints.txt").read_text(encoding="utf-8").splitlines()
        tools.write_text("\n".join(pin for pin in pins if re.match(r"(pytest|hypothesis|jsonschema)==", pin)))
        resolution = os.environ.get("RESOLUTION", "lowest-direct")
        # The lowest that there is a wheel of for this Python: old sources do not build everywhere.
        chosen = ("--resolution", resolution, "--only-binary", ":all:")
        install(python, *chosen, "--requirement", ROOT / "pyproject.toml")
        install(python, "--constraint", tools, "pytest", "hypothesis", "jsonschema")
        install(python, "--no-deps", wheel)
        listed = run(uv(), "pip", "list", "--python", python)
        print(*(line for line in listed.splitlines() if line.split(" ")[0] in CORE), sep="\n", flush=True)
        words = [python, "-m", "pytest", "-q", "-p", "no:cacheprovider", *core_tests()]
        variables = {name: value for name, value in clean().items() if name != "CALIBRANT_DATA"}
        done = subprocess.run([str(word) for word in words], cwd=ROOT, check=False, env=variables)
    sys.exit(done.returncode)


if __name__ == "__main__":
    main()
