"""Time and peak memory of evaluating and fitting rows in parts, and what a second Dask worker gains.

    python -m benchmarks.streaming [--millions 10,30,100] [--workers 1,2] [--folder DIR]

Rows of 10 float32 logits lie in Parquet files of two million rows. Every job has a process of its own.
"""

from __future__ import annotations

import argparse
import json
import os
import platform
import subprocess
import sys
import tempfile
from importlib.metadata import version
from pathlib import Path
from typing import Any

import numpy as np

from benchmarks.evaluate import make_logits
from calibrant import Predictions, write

CLASSES, ROWS_PER_FILE = 10, 2_000_000
EVERYTHING = 1 << 40


def main() -> None:
    """Print the tables."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--millions", default="10,30,100", help="how many million rows, ascending")
    parser.add_argument("--workers", default="1,2")
    parser.add_argument("--folder", type=Path, help="where the rows are written, 44 bytes each")
    asked = parser.parse_args()
    threads = os.environ.get("OMP_NUM_THREADS", len(os.sched_getaffinity(0)))
    packages = ", ".join(f"{name} {version(name)}" for name in ("numpy", "numba", "pyarrow", "distributed"))
    print(f"{platform.machine()}, {threads} threads; {packages}\n")
    with tempfile.TemporaryDirectory(dir=asked.folder) as place:
        small, folder = Path(place) / "small", Path(place) / "rows"
        small.mkdir()
        folder.mkdir()
        write(Predictions.from_logits(*make_logits(100_000, CLASSES)), small / "rows.parquet")
        print("| rows | job | seconds | million rows a second | peak memory, MiB |\n|--:|---|--:|--:|--:|")
        written = 0
        for millions in map(int, asked.millions.split(",")):
            written = write_rows(folder, written, millions * 1_000_000)
            for job in ("evaluate", "fit"):
                found = measured(folder, small, job, 0, 0)
                rate, memory = millions / found["seconds"], found["memory"] / 2**20
                print(f"| {millions} million | {job} | {found['seconds']:.1f} | {rate:.2f} | {memory:,.0f} |")
        print("\nThe fit of all rows on a Dask cluster, workers of one thread:\n")
        print("| workers | parts stay in memory | seconds | gain | T |\n|--:|---|--:|--:|--:|")
        for kept in (0, EVERYTHING):
            one = 0.0
            for workers in map(int, asked.workers.split(",")):
                found = measured(folder, small, "fit", workers, kept)
                one = one or found["seconds"]
                stay, seconds = "yes" if kept else "no", found["seconds"]
                print(f"| {workers} | {stay} | {seconds:.1f} | {one / seconds:.2f} | {found['found']!r} |")


def write_rows(folder: Path, written: int, wanted: int) -> int:
    """Write files until there are as many rows as wanted; each holds the same ones in another order."""
    logits, labels = make_logits(ROWS_PER_FILE, CLASSES)
    while written < wanted:
        order = np.random.default_rng(written).permutation(ROWS_PER_FILE)
        rows = Predictions.from_logits(logits[order], labels[order])
        write(rows, folder / f"part-{written // ROWS_PER_FILE:05d}.parquet")
        written += ROWS_PER_FILE
    return written


def measured(*arguments: object) -> dict[str, Any]:
    """Return what a job found, in a process of its own."""
    command = [sys.executable, "-m", "benchmarks.streaming.job", *map(str, arguments)]
    done = subprocess.run(command, stdout=subprocess.PIPE, text=True, check=True)
    found: dict[str, Any] = json.loads(done.stdout)
    return found


if __name__ == "__main__":
    main()
