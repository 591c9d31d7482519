"""Keep what the figures of two studies show besides their tables: epochs of runs, bins of two networks.

Run as `python docs/studies/figures/store.py runs/studies`, with the folder in which both studies are at the
scale of the documentation; it writes beside this file.
"""

from __future__ import annotations

import json
import runpy
import shutil
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import calibrant
from calibrant.studies.grid import PlannedRun, planned_runs
from calibrant.studies.library import load_study

FOLDER = Path(__file__).parent
DRAWN = runpy.run_path(str(FOLDER / "pictures.py"))
EPOCHS, BINS, SCALE = DRAWN["EPOCHS"], DRAWN["BINS"], DRAWN["SCALE"]


def runs_of(name: str, studies: Path) -> Iterator[tuple[PlannedRun, Path]]:
    """Yield the runs of a study, with the folders that they left."""
    study = load_study(name)
    scale = study.scales[SCALE]
    for run in planned_runs(study, scale, scale.seeds, source=name):
        yield run, studies / "networks" / run.network_name(None)


def bins_of(run: Path) -> dict[str, Any]:
    """Return the bins of a network's test images."""
    return calibrant.reliability(calibrant.read(run / "test.npz")).to_json()


def main() -> None:
    """Write what was kept of both studies."""
    studies = Path(sys.argv[1])
    for run, folder in runs_of(EPOCHS, studies):
        kept = FOLDER / EPOCHS / f"seed-{run.seed}"
        kept.mkdir(parents=True, exist_ok=True)
        shutil.copyfile(folder / "metrics.jsonl", kept / "metrics.jsonl")
    bins = {
        f"{run.point.series}, seed {run.seed}": bins_of(folder)
        for run, folder in runs_of(BINS, studies)
        if run.seed == 0
    }
    (FOLDER / f"{BINS}.json").write_text(json.dumps(bins, allow_nan=False) + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()
