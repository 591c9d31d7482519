"""Keep what the pictures in this folder are drawn from: bins and curves, none of the rows.

Run as `python docs/images/store.py demo=runs/lenet5-digits/seed-0 bird-cat=runs/lenet5-bird-cat/seed-0`, with
the folders of finished runs; it writes one JSON file for each beside this one.
"""

from __future__ import annotations

import json
import sys
from pathlib import Path
from typing import Any

import numpy as np

import calibrant
from calibrant import Predictions
from calibrant.analysis import sweep
from calibrant.calibrators import TemperatureScaling
from calibrant.recipes.library import load_recipe

FOLDER = Path(__file__).parent
POINTS = 41


def bins(rows: Predictions, class_index: int | None = None) -> dict[str, Any]:
    """Return the bins of a reliability diagram."""
    return calibrant.reliability(rows, class_index=class_index).to_json()


def stored(run: Path) -> dict[str, Any]:
    """Return what the figures of a run show."""
    figures = load_recipe(str(run / "recipe.toml")).figures
    test, scaling = calibrant.read(run / "test.npz"), calibrant.load(run / "temperature.json")
    assert isinstance(scaling, TemperatureScaling)
    name = figures.class_name
    index = None if name is None else test.classes.index(name)
    grid = np.geomspace(min(figures.temperatures), max(figures.temperatures), POINTS)
    return {
        "temperature": scaling.temperature_,
        "stderr": scaling.temperature_stderr_,
        "class_name": name,
        "before": bins(test, index),
        "after": bins(scaling.transform(test), index),
        "others": [[t, bins(TemperatureScaling(t).transform(test), index)] for t in figures.temperatures],
        "sweep": sweep(test, grid).to_json(),
    }


def main() -> None:
    """Write what was asked for."""
    for argument in sys.argv[1:]:
        name, _, run = argument.partition("=")
        text = json.dumps(stored(Path(run)), allow_nan=False)
        (FOLDER / f"{name}.json").write_text(text + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()
