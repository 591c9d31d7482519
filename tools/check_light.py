"""Installs the wheel with the core dependencies alone and shows its size, its times, and that it works.

Times are printed, never judged; what is missing or fails ends the program with exit code 1.
"""

from __future__ import annotations

import subprocess
import sys
import tarfile
import tempfile
import time
import zipfile
from collections.abc import Iterable
from pathlib import Path

from tools.environments import ROOT, build, clean, environment, install, run

ABSENT = ("torch", "matplotlib", "plotly", "jinja2", "pyarrow", "pandas", "sklearn")
"""Not pydantic: Typer brings it."""
SHIPPED = ("calibrant/py.typed", "calibrant/schemas/", "calibrant/recipes/", "calibrant/cli/main.py")
NEEDS = {
    "plot": ("plot val.csv --kind reliability -o figure.png", "calibrant[plot]"),
    "report": ("report val.csv -o page.html", "calibrant[report]"),
    "run": ("run lenet5-digits", "calibrant[train]"),
}
COMMANDS = {
    "evaluate": "evaluate test.csv",
    "fit": "fit val.csv -o calibrator.json",
    "compare": "compare test.csv --validation val.csv --methods temperature,platt",
    "doctor": "doctor test.csv",
}
ROWS = """
import sys, numpy as np
for name, seed in (("val", 1), ("test", 2)):
    rng = np.random.default_rng(seed)
    z = rng.normal(size=(500, 3)) * 1.5
    p = np.exp(z) / np.exp(z).sum(1, keepdims=True)
    labels = [rng.choice(3, p=row) for row in p]
    with open(f"{name}.csv", "w") as file:
        print("labels,logit_0,logit_1,logit_2", file=file)
        for label, row in zip(labels, 2 * z):
            print(label, *row, sep=",", file=file)
"""


def check_contents(wheel: Path, source: Path) -> None:
    """Stop where the wheel or the source distribution lacks what users need."""
    with zipfile.ZipFile(wheel) as archive:
        in_wheel = archive.namelist()
    with tarfile.open(source) as archive:
        in_source = archive.getnames()
    missing = [name for name in SHIPPED if not any(there.startswith(name) for there in in_wheel)]
    missing += [name for name in ("README.md", "LICENSE") if not any(t.endswith(name) for t in in_source)]
    if missing:
        sys.exit(f"The built package lacks {', '.join(missing)}.")


def size(folder: Path) -> str:
    """Return what the files of a folder take, in MB."""
    return f"{sum(path.stat().st_size for path in folder.rglob('*') if path.is_file()) / 1e6:.1f} MB"


def started(folder: Path, *words: object) -> subprocess.CompletedProcess[str]:
    """Run a program in a folder."""
    return subprocess.run(
        [str(word) for word in words], cwd=folder, env=clean(), capture_output=True, text=True, check=False
    )


def seconds(folder: Path, *words: object) -> str:
    """Run a program in a folder, which must work, and return how long it took."""
    begun = time.perf_counter()
    done = started(folder, *words)
    taken = time.perf_counter() - begun
    if done.returncode:
        sys.exit(f"{' '.join(map(str, words))} ended with {done.returncode}:\n{done.stderr}")
    return f"{taken:.2f} s"


def check_absent(python: Path) -> None:
    """Stop where a package that the core does not need is there."""
    code = f"import importlib.util as u; print(*[m for m in {ABSENT} if u.find_spec(m)])"
    if found := run(python, "-c", code).strip():
        sys.exit(f"The core alone brought {found}.")


def check_named_extras(program: Path, folder: Path, commands: Iterable[str] = NEEDS) -> None:
    """Stop where a command that needs an extra does not name it with exit code 2."""
    for words, extra in (NEEDS[command] for command in commands):
        done = started(folder, program, *words.split())
        if done.returncode != 2 or extra not in done.stderr or "Traceback" in done.stderr:
            sys.exit(f"calibrant {words} does not name {extra}:\n{done.returncode}\n{done.stderr}")


def measure(python: Path, folder: Path) -> dict[str, str]:
    """Return the sizes and times, each under its name."""
    program = python.with_name("calibrant")
    packages = Path(run(python, "-c", "import sysconfig; print(sysconfig.get_path('purelib'))").strip())
    seconds(folder, python, "-c", ROWS)
    shown = {"size of calibrant": size(packages / "calibrant"), "size with what it needs": size(packages)}
    shown["python -c pass"] = seconds(folder, python, "-c", "pass")
    shown["import calibrant"] = seconds(folder, python, "-c", "import calibrant")
    shown["calibrant --help"] = seconds(folder, program, "--help")
    for name, words in COMMANDS.items():
        first = seconds(folder, program, *words.split())
        again = seconds(folder, program, *words.split())
        shown[f"calibrant {name}"] = f"{again} (first, compiling: {first})"
    return shown


def main() -> None:
    """Build, install, check and print."""
    with tempfile.TemporaryDirectory() as there:
        folder = Path(there)
        wheel, source = build(folder / "dist")
        check_contents(wheel, source)
        python = environment(folder / "venv")
        install(python, "--constraint", ROOT / "constraints.txt", wheel)
        check_absent(python)
        shown = measure(python, folder)
        check_named_extras(python.with_name("calibrant"), folder)
        shown["wheel"], shown["source distribution"] = (
            f"{p.stat().st_size / 1e6:.1f} MB" for p in (wheel, source)
        )
    width = max(map(len, shown))
    for name, value in shown.items():
        print(f"{name:{width}}  {value}")
    print(f"without {', '.join(ABSENT)}; commands that need an extra name it")


if __name__ == "__main__":
    main()
