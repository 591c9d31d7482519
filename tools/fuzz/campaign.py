"""A campaign: every target in turn, two fuzzers at a time, at low priority, with a log.

``python -m tools.fuzz.campaign --into FOLDER --minutes 10 --rounds 2 [TARGET ...]``; `summary` reads the log.
"""

from __future__ import annotations

import argparse
import json
import os
import re
import shutil
import subprocess
import sys
import time
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

from tools.fuzz.targets import TARGETS

LOG, STATUS = "log.jsonl", "status.json"
KEPT = Path(__file__).parents[2] / "tests" / "fuzz"
_COVERED = re.compile(r"cov: (\d+) ft: (\d+)")
_PATIENCE = 8
_FEWEST_SECONDS = 5


def prepare(name: str, into: Path) -> Path:
    """Make the folder of a target, with its seeds and what was kept of earlier campaigns."""
    folder = into / name
    for part in ("corpus", "artefacts", "findings"):
        (folder / part).mkdir(parents=True, exist_ok=True)
    if next((folder / "corpus").glob("seed-*"), None) is None:
        for seed, content in TARGETS[name].seed().items():
            (folder / "corpus" / f"seed-{seed}").write_bytes(content)
    for kept in ("corpus", "findings"):
        for path in sorted((KEPT / kept / name).glob("*")):
            shutil.copyfile(path, folder / "corpus" / f"kept-{path.name}")
    return folder


def fuzz(name: str, into: Path, seconds: float) -> None:
    """Fuzz one target for so much CPU time; start again where it died, and log every process."""
    folder, left = into / name, seconds
    for _ in range(_PATIENCE):
        if left < _FEWEST_SECONDS:
            break
        left -= _process(name, folder, into / LOG, left)


def _process(name: str, folder: Path, log: Path, seconds: float) -> float:
    began = time.strftime("%Y-%m-%dT%H:%M:%S")
    status = folder / STATUS
    status.unlink(missing_ok=True)
    before = _found(folder)
    words = [sys.executable, "-m", "tools.fuzz.run", name, str(folder), str(seconds)]
    with (folder / "output.txt").open("wb") as output:
        code = subprocess.run(
            words, stdin=subprocess.DEVNULL, stdout=output, stderr=output, check=False
        ).returncode
    said: dict[str, Any] = json.loads(status.read_text()) if status.exists() else {"executions": 0}
    covered = _COVERED.findall((folder / "output.txt").read_text(errors="replace"))
    entry = {
        "target": name,
        "began": began,
        "exit": code,
        **said,
        "edges": max((int(edges) for edges, _ in covered), default=0),
        "corpus": len(list((folder / "corpus").iterdir())),
        "new_findings": sorted(_found(folder) - before),
    }
    with log.open("a", encoding="utf-8") as handle:
        handle.write(json.dumps(entry) + "\n")
    status.unlink(missing_ok=True)
    return max(float(said.get("cpu_seconds", 0.0)), _FEWEST_SECONDS)


def _found(folder: Path) -> set[str]:
    findings = {path.stem for path in (folder / "findings").glob("*.bin")}
    return findings | {path.name for path in (folder / "artefacts").glob("*-*")}


def main(words: Sequence[str] | None = None) -> None:
    """Run a campaign."""
    parser = argparse.ArgumentParser(prog="python -m tools.fuzz.campaign", description=main.__doc__)
    parser.add_argument("targets", nargs="*", metavar="TARGET", help=f"of {', '.join(TARGETS)}; default all")
    parser.add_argument("--into", type=Path, required=True, help="folder of corpora, findings and the log")
    parser.add_argument("--minutes", type=float, default=10.0, help="CPU time of a target in a round")
    parser.add_argument("--rounds", type=int, default=1)
    parser.add_argument("--jobs", type=int, default=2, help="fuzzers at a time")
    given = parser.parse_args(words)
    unknown = [name for name in given.targets if name not in TARGETS]
    if unknown:
        parser.error(f"there is no target {unknown[0]!r}")
    os.nice(19)
    given.into.mkdir(parents=True, exist_ok=True)
    chosen = given.targets or TARGETS
    for name in chosen:  # not in the threads: seeds import calibrant
        prepare(name, given.into)
    with ThreadPoolExecutor(given.jobs) as pool:
        for _ in range(given.rounds):
            done = [pool.submit(fuzz, name, given.into, 60 * given.minutes) for name in chosen]
            for name, future in zip(chosen, done, strict=True):
                if (error := future.exception()) is not None:
                    print(f"{name}: {error!r}", file=sys.stderr)


if __name__ == "__main__":
    main()
