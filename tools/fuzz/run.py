"""One fuzzer of one target: ``python -m tools.fuzz.run TARGET FOLDER SECONDS``.

It runs until its CPU time is spent. Findings do not stop it: each is kept in FOLDER by what went wrong and
where, the smallest input of each; only what kills the process or hangs it ends it, and libFuzzer keeps that.
"""

from __future__ import annotations

import importlib.util
import json
import os
import random
import sys
import time
from pathlib import Path

import atheris

from tools.fuzz.kept import Kept
from tools.fuzz.targets import TARGETS, Reader, examine

_MOST_SECONDS, _MOST_MIB, _LONGEST = 10, 2048, 1 << 18


class Session:
    """The executions of one process, and what they came to."""

    def __init__(self, read: Reader, kept: Kept, status: Path, seconds: float) -> None:
        self._read, self._kept, self._status, self._seconds = read, kept, status, seconds
        self._executions, self._slowest, self._written = 0, 0.0, 0.0
        self._began = time.monotonic()

    def one_input(self, content: bytes) -> None:
        """Have one input read, and keep it where that must not go as it did."""
        peak, start = _peak(), time.process_time()
        try:
            examine(self._read, content)
        except Exception as error:
            self._kept.add(content, error)
        spent, grown = time.process_time() - start, _peak() - peak
        if spent > _MOST_SECONDS:
            self._kept.add(content, TimeoutError(f"{spent:.0f} s"))
        if _peak() > _MOST_MIB and grown > _MOST_MIB // 4:
            self._kept.add(content, MemoryError(f"{_peak()} MiB"))
        self._executions += 1
        self._slowest = max(self._slowest, spent)
        done = time.process_time() > self._seconds
        if done or time.monotonic() - self._written > 5:
            self._write()
        if done:
            os._exit(0)

    def _write(self) -> None:
        self._written = time.monotonic()
        self._status.write_text(
            json.dumps(
                {
                    "executions": self._executions,
                    "cpu_seconds": round(time.process_time(), 1),
                    "wall_seconds": round(self._written - self._began, 1),
                    "slowest_seconds": round(self._slowest, 2),
                    "peak_mib": _peak(),
                }
            )
        )


def _peak() -> int:
    """Return the most memory that this process has held, MiB; what its parent held is not in it."""
    lines = Path("/proc/self/status").read_text(encoding="ascii").splitlines()
    return next(int(line.split()[1]) >> 10 for line in lines if line.startswith("VmHWM"))


def _kernels() -> list[str]:
    """Return the modules that Numba compiles, which it does from their bytecode."""
    package = importlib.util.find_spec("calibrant")
    places = [] if package is None else package.submodule_search_locations or []
    found = (path for place in places for path in (Path(place) / "kernels").glob("*.py"))
    return [f"calibrant.kernels.{path.stem}" for path in found]


def main(name: str, folder: Path, seconds: float) -> None:
    """Fuzz one target until its CPU time is spent."""
    with atheris.instrument_imports(include=["calibrant", "zipfile", "tomllib"], exclude=_kernels()):
        read = TARGETS[name].read()
    mutator = TARGETS[name].mutate()
    session = Session(read, Kept(folder / "findings"), folder / "status.json", seconds)

    def mutate(content: bytes, most: int, seed: int) -> bytes:
        draw = random.Random(seed)

        def plain(part: bytes) -> bytes:
            return bytes(atheris.Mutate(part, max(len(part) + 64, 64)))

        try:
            return mutator(content, draw, plain)[:most]
        except Exception:  # the tests mutate without this; here a mutation less is no loss
            return plain(content)[:most]

    words = [
        sys.argv[0],
        str(folder / "corpus"),
        f"-artifact_prefix={folder / 'artefacts'}/",
        f"-max_len={_LONGEST}",
        f"-rss_limit_mb={_MOST_MIB + 512}",
        "-timeout=600",
        "-report_slow_units=10000",
        "-len_control=0",
    ]
    atheris.Setup(words, session.one_input, custom_mutator=mutate)
    atheris.Fuzz()


if __name__ == "__main__":
    main(sys.argv[1], Path(sys.argv[2]), float(sys.argv[3]))
