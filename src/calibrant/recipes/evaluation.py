"""`evaluation.json`: what a run measured, with everything needed to read it right."""

from __future__ import annotations

import json
from typing import Any

from calibrant._version import __version__
from calibrant.atomic import write_text
from calibrant.recipes.runner import Run

SCHEMA = "calibrant.run/1"


def to_json(run: Run) -> dict[str, Any]:
    """Return the documented JSON form."""
    data, calibrator = run.data, run.calibrator
    return {
        "schema": SCHEMA,
        "recipe": run.name,
        "seed": run.seed,
        "results": run.results,
        "temperature": calibrator.parameters(),
        "temperature_fitted_on": "validation",
        "validation_used_for_early_stopping": run.validation_reused,
        "test": run.comparison.to_json(),
        "data": {
            "classes": list(data.classes),
            "train_rows": len(data.train),
            "validation_rows": len(data.validation),
            "test_rows": len(data.test),
            "split_hash": data.split_hash,
            "mean": list(data.normalisation.mean),
            "std": list(data.normalisation.std),
            "image_size": data.image_size,
            "skipped_images": len(data.skipped),
        },
        "version": __version__,
    }


def write_evaluation(run: Run) -> None:
    """Write `evaluation.json` into the run's folder."""
    text = json.dumps(to_json(run), indent=2, ensure_ascii=False, allow_nan=False)
    write_text(run.folder / "evaluation.json", text + "\n")
