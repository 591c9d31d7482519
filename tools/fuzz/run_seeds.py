"""Tiny sound files of recipes, studies, reports and runs, to start from; calibrant writes them."""

from __future__ import annotations

import io
import json
from collections.abc import Mapping
from dataclasses import asdict
from functools import cache
from typing import Any

import tomli_w
import torch

from calibrant import io as files
from calibrant.recipes.library import load_recipe, recipe_names, recipe_text
from calibrant.report.build import predictions_report
from calibrant.report.model import to_json
from calibrant.studies.library import load_study, study_names
from tools.fuzz.archive import packed, spread
from tools.fuzz.seeds import Seeds, rows, scratch


def recipes() -> Seeds:
    """Return the recipes of the library."""
    return {f"{name}.toml": recipe_text(load_recipe(name)).encode() for name in recipe_names()}


def studies() -> Seeds:
    """Return the studies of the library."""
    found = {}
    for name in study_names():
        content = load_study(name).model_dump(mode="json", exclude_none=True)
        found[f"{name}.toml"] = tomli_w.dumps(content).encode()
    return found


def reports() -> Seeds:
    """Return a small report of every kind; all but one without the slider, which is most of it."""
    from calibrant.report.build import comparison_report
    from calibrant.studies.report_of_study import study_report

    small = [
        predictions_report(rows(k, 8), validation=rows(k, 9), title=f"{k}", methods=("temperature",))
        for k in (2, 3)
    ]
    bare = [report.model_copy(update={"slider": None}) for report in small]
    both = comparison_report(bare, title="both", command="calibrant report")
    with scratch() as folder:
        spread(study_folders()["study.zip"], folder)
        study = study_report(folder)
    made = {"two": bare[0], "three": bare[1], "slider": small[0], "comparison": both, "study": study}
    return {f"{name}.json": to_json(report).encode() for name, report in made.items()}


@cache
def _run() -> Mapping[str, bytes]:
    from calibrant.recipes.artefacts import write_artefacts
    from calibrant.recipes.runner import load_data, run_recipe
    from tools.fuzz.folders import OF_RUNS, recipe_of_runs

    recipe = recipe_of_runs()
    with scratch() as folder:
        write_artefacts(run_recipe(recipe, load_data(recipe), name=OF_RUNS, seed=0, folder=folder / "seed-0"))
        return {path.name: path.read_bytes() for path in (folder / "seed-0").iterdir() if path.is_file()}


_OF_A_RUN = (
    "recipe.toml", "metrics.jsonl", "test.npz", "val.npz", "temperature.json", "evaluation.json",
    "details.json", "model.safetensors",
)  # fmt: skip


def runs() -> Seeds:
    """Return the folder of a run of two epochs on a few digits, with weights and without."""
    made = {name: _run()[name] for name in _OF_A_RUN}
    with scratch() as folder:
        for name in ("test.npz", "val.npz"):
            files.write(rows(10, 6), folder / name)
            made[name] = (folder / name).read_bytes()
    small = {name: content for name, content in made.items() if name != "model.safetensors"}
    return {"run.zip": packed(made), "no-weights.zip": packed(small)}


def weights() -> Seeds:
    """Return a table of tensors, as both libraries save it."""
    from safetensors.torch import save

    from calibrant.nets.weights import RUN_HEADER

    table = {"conv.weight": torch.ones(2, 3), "conv.bias": torch.zeros(2)}
    content = io.BytesIO()
    torch.save({"state_dict": table, "epoch": 3}, content)
    return {"weights.pt": content.getvalue(), "run.safetensors": save(table, {RUN_HEADER: "{}"})}


def checkpoints() -> Seeds:
    """Return the state of a run after an epoch."""
    from calibrant.train.checkpoint import NAME, Checkpoint, write_checkpoint
    from calibrant.train.history import EpochRow

    table = {"weight": torch.ones(2, 3)}
    state = {"state": {0: {"step": torch.tensor(1.0)}}, "param_groups": [{"lr": 0.1, "params": [0]}]}
    row = EpochRow(1, 0.5, 0.5, 0.5, 0.8, 0.1, 1.2, 3.0)
    with scratch() as folder:
        write_checkpoint(folder, Checkpoint({"name": "x", "seed": 0}, table, state, (row,), table))
        return {NAME: (folder / NAME).read_bytes()}


def study_folders() -> Seeds:
    """Return what a study leaves: its table, what it is, and the record of a run."""
    from calibrant.studies.endings.registry import ENDINGS
    from calibrant.studies.grid import planned_runs
    from calibrant.studies.record import SCHEMA
    from calibrant.studies.runner import SCHEMA as TABLE_SCHEMA
    from tools.fuzz.experiments import SCALE, STUDY

    study = load_study(STUDY)
    scale, ending = study.scales[SCALE], ENDINGS[study.ending]
    run = planned_runs(study, scale, (0,), source=STUDY)[0]
    results = {column.name: {"mean": 0.5, "spread": 0.1} for column in ending.columns}
    row = {"series": run.point.series, "value": run.point.value, "part": "", "seeds": 2, "results": results}
    table: dict[str, Any] = {
        "schema": TABLE_SCHEMA, "study": STUDY, "scale": SCALE, "title": study.title,
        "summary": study.summary, "source": study.source, "ending": study.ending, "scored": ending.scored,
        "seeds": [0, 1],
        "settings": scale.model_dump(mode="json", exclude={"seeds"}),
        "value_title": None if study.vary is None else study.vary.title, "part_title": ending.part_title,
        "columns": [asdict(column) for column in ending.columns], "rows": [row, row], "notes": ["a"],
        "failed": [{"run": "a", "reason": "b"}],
    }  # fmt: skip
    record = {
        "schema": SCHEMA, "run": run.label, "series": run.point.series, "value": run.point.value, "seed": 0,
        "settings": run.settings, "parts": {"": {"ece": 0.1}}, "notes": [],
    }  # fmt: skip
    place = {"study": STUDY, "scale": SCALE, "data": None}
    found = {"table.json": table, "study.json": place, "record.json": record}
    texts = {name: json.dumps(content, ensure_ascii=False).encode() for name, content in found.items()}
    return {"study.zip": packed(texts | {"figure.svg": b'<svg viewBox="0 0 1 1"/>'})}
