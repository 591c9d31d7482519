"""One evaluation or fit of rows in parts, in a process of its own: seconds, and peak memory above the start.

    python -m benchmarks.streaming.job FOLDER SMALL evaluate|fit WORKERS BYTES-KEPT

Memory is the peak above what is held at the start: after imports and the same work on a small folder.
With 0 workers the work is done in this process.
"""

from __future__ import annotations

import json
import resource
import sys
import time
from contextlib import nullcontext

import psutil

from calibrant import TemperatureScaling, evaluate
from calibrant.engine import Engine, LocalEngine
from calibrant.io import table
from calibrant.predictions import Table
from calibrant.scale import DaskEngine, local_workers


def main() -> None:
    """Print what was found as one JSON object."""
    folder, small, job, workers, kept = *sys.argv[1:4], int(sys.argv[4]), int(sys.argv[5])
    with local_workers(workers) if workers else nullcontext() as client:
        engine: Engine = LocalEngine() if client is None else DaskEngine(client, keep=0.5 if kept else 0.0)
        work(job, table(small, engine=engine))
        before, start = psutil.Process().memory_info().rss, time.perf_counter()
        found = work(job, table(folder, engine=engine).kept(kept))
        seconds = time.perf_counter() - start
        peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * 1024
        print(json.dumps({"seconds": seconds, "memory": peak - before, "found": found}))


def work(job: str, rows: Table) -> float:
    """Return the ECE, or the temperature."""
    if job == "evaluate":
        return evaluate(rows).ece
    return TemperatureScaling().fit(rows).temperature_


if __name__ == "__main__":
    main()
