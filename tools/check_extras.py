"""Installs the wheel with each extra alone, tries what the extra promises, and that all else names its extra.

Run as `python -m tools.check_extras [EXTRA …]`; without a name it tries every extra of `pyproject.toml`.
"""

from __future__ import annotations

import json
import sys
import tempfile
from pathlib import Path

from tests.test_extras import EXTRAS, NEEDS
from tools.check_light import NEEDS as COMMANDS
from tools.check_light import ROWS, check_named_extras, size, started
from tools.environments import ROOT, build, environment, install, run
from tools.promises import PROMISES, Promise

NAMED = """
import importlib.util, json, sys
from calibrant.errors import MissingExtra
for extra, package, code in json.loads(sys.argv[1]):
    if importlib.util.find_spec(package) is None:
        try:
            exec(code)
        except MissingExtra as error:
            found = error.extra
        else:
            found = "nothing"
        print(json.dumps([extra, package, code, found]))
"""


def names() -> list[str]:
    """Return the extras of `pyproject.toml`, without the one that is all of them."""
    return [extra for extra in EXTRAS if extra != "all"]


def brought_by(extra: str, extras: dict[str, list[str]] = EXTRAS) -> set[str]:
    """Return the extras that come with this one, itself included."""
    found = {extra}
    for requirement in extras[extra]:
        if requirement.startswith("calibrant["):
            for other in requirement[len("calibrant[") : -1].split(","):
                found |= brought_by(other, extras)
    return found


def without_promise(extras: list[str]) -> list[str]:
    """Return the extras for which nothing is tried."""
    return [extra for extra in extras if extra not in PROMISES]


def keep(promise: Promise, python: Path, folder: Path) -> None:
    """Stop where what an extra promises does not work."""
    program = python.with_name("calibrant")
    _work(folder, python, "-c", promise.code)
    for command in promise.commands:
        words = command.format(folder=folder).split()
        _work(folder, program, *words)
        written = [folder / words[place + 1] for place, word in enumerate(words) if word == "-o"]
        if missing := [path.name for path in written if not path.is_file()]:
            sys.exit(f"calibrant {command} left no {', '.join(missing)}.")
    _work(folder, python, "-c", promise.check)


def _work(folder: Path, *words: object) -> None:
    done = started(folder, *words)
    if done.returncode:
        sys.exit(f"{' '.join(map(str, words))} ended with {done.returncode}:\n{done.stdout}{done.stderr}")


def check_rest(extra: str, python: Path, folder: Path) -> int:
    """Stop where something that needs another extra does not name it; return how many things were tried."""
    cases = [(other, *case) for other, needs in NEEDS.items() for case in needs]
    for name in ("rows.pt", "rows.parquet", "rows.safetensors"):
        (folder / name).write_bytes(b"PAR1 rows")
    done = started(folder, python, "-c", NAMED, json.dumps(cases))
    if done.returncode:
        sys.exit(f"with {extra} alone: {done.stderr}")
    tried = [json.loads(line) for line in done.stdout.splitlines()]
    # An extra that brings others may say first which of those is missing.
    if wrong := [line for line in tried if line[3] not in brought_by(line[0]) - brought_by(extra)]:
        sys.exit(f"with {extra} alone, these do not name their extra: {wrong}")
    absent = [command for command in COMMANDS if _extra_of(command) not in brought_by(extra)]
    check_named_extras(python.with_name("calibrant"), folder, absent)
    return len(tried) + len(absent)


def _extra_of(command: str) -> str:
    return COMMANDS[command][1].removeprefix("calibrant[").removesuffix("]")


def check(extra: str, wheel: Path, folder: Path) -> str:
    """Try one extra in a new environment and return a line that says what was seen."""
    python = environment(folder / "venv")
    promise = PROMISES[extra]
    beside = ("--constraint", ROOT / "constraints.txt", *promise.beside)
    install(python, f"calibrant[{extra}] @ {wheel.as_uri()}", *beside, compiled=False)
    rows = folder / "rows"
    rows.mkdir()
    run(python, "-c", f"import os; os.chdir({str(rows)!r})\n{ROWS}")
    _work(rows, sys.executable, "-c", promise.elsewhere)
    rest = check_rest(extra, python, rows)
    keep(promise, python, rows)
    packages = len(list((folder / "venv").glob("lib/*/site-packages/*.dist-info")))
    kept = len(promise.commands) + bool(promise.code) + bool(promise.check)
    seen = f"{kept} promises kept; {rest} others name their extra"
    return f"{extra:12} {packages:4} packages  {size(folder / 'venv'):>10}  {seen}"


def main() -> None:
    """Try the extras that are named, or all."""
    asked = sys.argv[1:] or names()
    if unknown := [extra for extra in asked if extra not in names()]:
        sys.exit(f"There is no extra {', '.join(unknown)}; extras: {', '.join(names())}.")
    if untried := without_promise(asked):
        sys.exit(f"tools/promises.py says nothing of {', '.join(untried)}.")
    with tempfile.TemporaryDirectory() as there:
        wheel, _ = build(Path(there) / "dist")
        for extra in asked:
            with tempfile.TemporaryDirectory() as folder:
                print(check(extra, wheel, Path(folder)), flush=True)


if __name__ == "__main__":
    main()
