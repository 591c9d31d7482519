"""Tiny sound files that fuzzing starts from, all made by calibrant's own writers."""

from __future__ import annotations

import io
import json
import tempfile
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import asdict, replace
from functools import cache
from pathlib import Path
from typing import Any

import numpy as np
import tomli_w
import torch
from PIL import Image

from calibrant import io as files
from calibrant.calibrators import TemperatureScaling
from calibrant.calibrators.registry import CALIBRATORS
from calibrant.predictions import AnyPredictions, Predictions, SoftLabelPredictions, TopLabelPredictions
from calibrant.recipes.library import load_recipe, recipe_names, recipe_text
from calibrant.report.build import predictions_report
from calibrant.report.model import to_json
from calibrant.studies.library import load_study, study_names
from tools.fuzz.archive import packed, spread

Seeds = Mapping[str, bytes]


@cache
def rows(k: int = 3, n: int = 40) -> Predictions:
    """Return rows that are twice too sure, with everything that may belong to them."""
    generator = np.random.default_rng(k)
    logits = generator.normal(0, 3, (n, k)).astype(np.float32)
    labels = (logits / 2 + generator.gumbel(size=(n, k))).argmax(axis=1)
    return Predictions.from_logits(logits, labels, classes=[f"class {index}" for index in range(k)])


def few() -> dict[str, AnyPredictions]:
    """Return six rows of every form."""
    small = rows(3, 6)
    text = np.array(["a", "b", "ü", "", "a", "d"])
    return {
        "logits": small,
        "probs": Predictions.from_probs(small.probs(), small.labels),
        "binary": rows(2, 6),
        "described": replace(
            small, sample_weight=np.array([1.0, 0, 2, 1, 0.5, 1]), groups=text, ids=np.arange(6) - 3
        ),
        "counts": SoftLabelPredictions.from_logits(small.scores, np.arange(18).reshape(6, 3)),
        "correct": TopLabelPredictions.from_correct([0.9, 0.8, 0.7, 0.9, 1.0, 0.4], [1, 0, 1, 1, 1, 0]),
        "prediction": TopLabelPredictions.from_labels([0.9, 0.6, 0.8], [0, 1, 2], [0, 1, 1]),
    }


@contextmanager
def _folder() -> Iterator[Path]:
    with tempfile.TemporaryDirectory() as folder:
        yield Path(folder)


def _written(suffix: str) -> dict[str, bytes]:
    with _folder() as folder:
        found = {}
        for name, predictions in few().items():
            path = folder / f"{name}{suffix}"
            files.write(predictions, path)
            found[path.name] = path.read_bytes()
    return found


def npz() -> Seeds:
    """Return compressed by calibrant; and stored, as `numpy.savez` does."""
    found = _written(".npz")
    stored = io.BytesIO()
    np.savez(stored, logits=rows(3, 6).scores, labels=rows(3, 6).labels, other=np.zeros(2))
    return found | {"stored.npz": stored.getvalue()}


def npy() -> Seeds:
    """Return structured arrays, and plain ones of scores and labels."""
    found = _written(".npy")
    for name, array in {"scores": rows(3, 6).scores, "labels": rows(3, 6).labels}.items():
        content = io.BytesIO()
        np.save(content, np.asfortranarray(array))
        found[f"{name}.npy"] = content.getvalue()
    return found


def csv() -> Seeds:
    """Return comma-separated text; other ends of lines and a mark of byte order."""
    found = _written(".csv")
    return found | {"other.csv": b"\xef\xbb\xbf" + found["logits.csv"].replace(b"\n", b"\r\n")}


def safetensors() -> Seeds:
    """Return tensors as safetensors."""
    return _written(".safetensors")


def parquet() -> Seeds:
    """Return Parquet files."""
    return _written(".parquet")


def arrow() -> Seeds:
    """Return Arrow files."""
    return _written(".arrow")


def torch_files() -> Seeds:
    """Return what PyTorch saves, in both of its containers."""
    old = io.BytesIO()
    content = {
        "logits": torch.ones(6, 3),
        "labels": torch.zeros(6, dtype=torch.int64),
        "classes": ["a", "b", "c"],
    }
    torch.save(content, old, _use_new_zipfile_serialization=False)
    return _written(".pt") | {"old.pt": old.getvalue()}


def parts() -> Seeds:
    """Return folders of two parts."""
    found = {}
    for suffix in (".parquet", ".arrow"):
        written = _written(suffix)
        for name in ("logits", "described"):
            content = written[f"{name}{suffix}"]
            found[f"{name}{suffix}.zip"] = packed({f"part-{n}{suffix}": content for n in range(2)})
    return found


def applied() -> Seeds:
    """Return a folder that `apply` has finished."""
    with _folder() as folder:
        (folder / "rows").mkdir()
        for number in range(2):
            files.write(rows(3, 6), folder / "rows" / f"part-{number}.arrow")
        files.apply(TemperatureScaling(2.0), folder / "rows", folder / "calibrated")
        made = {path.name: path.read_bytes() for path in sorted((folder / "calibrated").iterdir())}
    return {"applied.zip": packed(made), "record.zip": packed({"_calibrant.json": made["_calibrant.json"]})}


def calibrators() -> Seeds:
    """Return every method, fitted on rows of two and of three classes."""
    found = {}
    with _folder() as folder:
        path = folder / "calibrator.json"
        for k in (2, 3):
            for name, method in CALIBRATORS.items():
                method().fit(rows(k)).save(path)
                found[f"{name}-{k}.json"] = path.read_bytes()
    return found


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
    with _folder() as folder:
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
    with _folder() as folder:
        write_artefacts(run_recipe(recipe, load_data(recipe), name=OF_RUNS, seed=0, folder=folder / "seed-0"))
        return {path.name: path.read_bytes() for path in (folder / "seed-0").iterdir() if path.is_file()}


_OF_A_RUN = (
    "recipe.toml", "metrics.jsonl", "test.npz", "val.npz", "temperature.json", "evaluation.json",
    "details.json", "model.safetensors",
)  # fmt: skip


def runs() -> Seeds:
    """Return the folder of a run of two epochs on a few digits, with weights and without."""
    made = {name: _run()[name] for name in _OF_A_RUN}
    with _folder() as folder:
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
    with _folder() as folder:
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


def images() -> Seeds:
    """Return a few pixels in every format and mode that data sets come in."""
    pixels = Image.fromarray(np.arange(8 * 8 * 3, dtype=np.uint8).reshape(8, 8, 3))
    modes: dict[str, Callable[[], Image.Image]] = {
        "rgb.png": lambda: pixels,
        "grey.png": lambda: pixels.convert("L"),
        "palette.png": lambda: pixels.convert("P"),
        "rgb.jpeg": lambda: pixels,
        "rgb.webp": lambda: pixels,
        "rgb.gif": lambda: pixels,
        "rgb.bmp": lambda: pixels,
        "rgb.tiff": lambda: pixels,
    }
    found = {}
    for name, made in modes.items():
        content = io.BytesIO()
        made().save(content, name.rpartition(".")[2])
        found[name] = content.getvalue()
    return found
