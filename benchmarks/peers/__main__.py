"""Time calibrant against its peers on the same rows in one run, beside one pass over memory.

    python -m benchmarks.peers [--limit 60] [--repeats 3] [--sizes 10000x10,…] [--tasks …]

Tools take turns and the shortest time of each counts, after one call that is not counted where it leaves time
for another. A call that takes longer than the limit is stopped and said to. `make bench-peers` installs the
peers in an environment of their own.
"""

from __future__ import annotations

import argparse
import contextlib
import io
import os
import platform
import signal
import time
import warnings
from collections.abc import Callable, Iterator
from importlib.metadata import version
from typing import Any

import torch

from benchmarks.peers import fits, measures
from benchmarks.peers.rows import BenchmarkRows
from calibrant.errors import CalibrantError

TASKS = {
    "temperature": fits.TEMPERATURE,
    "evaluate": measures.EVALUATE,
    "sweep of 40 temperatures": measures.SWEEP,
    "bootstrap of the log-loss": measures.BOOTSTRAP,
    "vector": fits.VECTOR,
    "structured vector": fits.STRUCTURED_VECTOR,
    "structured matrix": fits.STRUCTURED_MATRIX,
    "isotonic": fits.ISOTONIC,
}
SIZES = ((10_000, 10), (10_000, 100), (1_000_000, 10), (50_000, 1_000))
PACKAGES = ("numpy", "numba", "scikit-learn", "torch", "torchmetrics", "netcal", "probmetrics", "scipy")
CACHED = 64 << 20
"""Below so many bytes scores may lie in the cache, where a pass over memory is no measure."""


class _TooLong(Exception):
    """The limit has passed."""


@contextlib.contextmanager
def limited(seconds: float) -> Iterator[None]:
    """Stop what is done inside after so many seconds."""

    def stop(number: int, frame: object) -> None:
        raise _TooLong

    before = signal.signal(signal.SIGALRM, stop)
    signal.setitimer(signal.ITIMER_REAL, seconds)
    try:
        yield
    finally:
        signal.setitimer(signal.ITIMER_REAL, 0)
        signal.signal(signal.SIGALRM, before)


def call(tool: Callable[[BenchmarkRows], Any], rows: BenchmarkRows, limit: float) -> tuple[float, Any] | None:
    """Return the seconds that a call takes, and what it returns; None where it does not end in time."""
    with contextlib.redirect_stdout(io.StringIO()), contextlib.redirect_stderr(io.StringIO()):
        start = time.perf_counter()
        try:
            with limited(limit):
                found = tool(rows)
        except _TooLong:
            return None
        return time.perf_counter() - start, found


def shortest(
    tools: dict[str, Any], rows: BenchmarkRows, limit: float, repeats: int
) -> dict[str, tuple[float, Any]]:
    """Return, for each tool that ends in time, its shortest time and what it returns."""
    first = {name: call(tool, rows, limit) for name, tool in tools.items()}
    ended = {name: called for name, called in first.items() if called is not None}
    again = {name: float("inf") for name, (seconds, _) in ended.items() if seconds < limit / repeats}
    for _ in range(repeats):
        for name, least in again.items():
            called = call(tools[name], rows, limit)
            again[name] = least if called is None else min(least, called[0])
    return {name: (again.get(name, seconds), found) for name, (seconds, found) in ended.items()}


def main() -> None:
    """Print a table for every task."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--limit", type=float, default=60.0)
    parser.add_argument("--repeats", type=int, default=3)
    parser.add_argument("--sizes", help="rows and classes, such as 10000x10,50000x1000; else all")
    parser.add_argument("--tasks", help="separated by commas; else all")
    asked = parser.parse_args()
    sizes = SIZES if asked.sizes is None else [tuple(map(int, s.split("x"))) for s in asked.sizes.split(",")]
    threads = int(os.environ.get("OMP_NUM_THREADS", len(os.sched_getaffinity(0))))
    torch.set_num_threads(threads)
    warnings.simplefilter("ignore")
    print(
        f"{platform.machine()}, {threads} threads; ", ", ".join(f"{n} {version(n)}" for n in PACKAGES), sep=""
    )
    print("\n| task | rows × classes | tool | seconds | times calibrant | passes over memory | T |")
    print("|---|--:|---|--:|--:|--:|--:|")
    for rows_count, classes in sizes:
        rows = BenchmarkRows.of(rows_count, classes)
        _ = rows.predictions, rows.double_probs, rows.probs
        one_pass, _ = shortest({"max": lambda rows: rows.logits.max()}, rows, asked.limit, 5)["max"]
        passes = one_pass if rows.logits.nbytes > CACHED else None
        for task in TASKS if asked.tasks is None else asked.tasks.split(","):
            try:
                called = shortest(TASKS[task], rows, asked.limit, asked.repeats)
            except CalibrantError as error:
                print(f"| {task} | {rows_count:,} × {classes:,} | calibrant | refused: {error} | | | |")
                continue
            for tool in TASKS[task]:
                line = f"| {task} | {rows_count:,} × {classes:,} | {tool} |"
                print(line, columns(called, tool, passes, asked.limit), flush=True)


def columns(called: dict[str, tuple[float, Any]], tool: str, one_pass: float | None, limit: float) -> str:
    """Return the last columns of a line of the table."""
    if tool not in called:
        return f"over {limit:g} | | | |"
    seconds, found = called[tool]
    ratio = f"{seconds / called['calibrant'][0]:.1f}" if "calibrant" in called else ""
    passes = "" if one_pass is None else f"{seconds / one_pass:.1f}"
    temperature = f"{found:.6f}" if isinstance(found, float) else ""
    return f"{seconds:.4f} | {ratio} | {passes} | {temperature} |"


if __name__ == "__main__":
    main()
