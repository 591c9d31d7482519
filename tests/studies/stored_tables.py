"""Tables of the studies as the documentation has them, put back into folders of studies."""

from __future__ import annotations

import csv
import json
from pathlib import Path
from typing import Any

from calibrant.studies.endings.registry import ENDINGS
from calibrant.studies.library import load_study
from calibrant.studies.runner import SCHEMA

_FIGURES = Path(__file__).parents[2] / "docs" / "studies" / "figures"


def stored_study(name: str, folder: Path) -> Path:
    """Write the folder of a study at scale cpu, without its figure, from the table of the documentation."""
    (folder / "table.json").write_text(json.dumps(_content(name)), encoding="utf-8")
    (folder / "study.json").write_text(json.dumps({"study": name, "scale": "cpu", "data": None}))
    return folder


def _content(name: str) -> dict[str, Any]:
    study = load_study(name)
    ending = ENDINGS[study.ending]
    with (_FIGURES / f"{name}.csv").open(encoding="utf-8") as handle:
        rows = [_row(row) for row in csv.DictReader(handle)]
    return {
        "schema": SCHEMA,
        "study": name,
        "scale": "cpu",
        "title": study.title,
        "summary": study.summary,
        "source": study.source,
        "ending": study.ending,
        "scored": ending.scored,
        "seeds": [0, 1, 2],
        "value_title": None if study.vary is None else study.vary.title,
        "part_title": ending.part_title,
        "columns": [vars(column) for column in ending.columns],
        "rows": rows,
        "notes": [],
        "failed": [],
    }


def _row(row: dict[str, str]) -> dict[str, Any]:
    names = [name.removesuffix("_spread") for name in row if name.endswith("_spread")]
    return {
        "series": row["series"],
        "value": row.get("value"),
        "part": row.get("part", ""),
        "seeds": int(row["seeds"]),
        "results": {
            name: {"mean": float(row[name]), "spread": float(row[f"{name}_spread"])}
            for name in names
            if row[name]
        },
    }
