"""Studies of LeNet-5 on a handful of digits."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
import tomli_w

from calibrant.studies.runner import Outcome, run_study

TINY: dict[str, Any] = {
    "title": "Dropout of LeNet-5",
    "summary": "Two values of dropout, two seeds.",
    "source": "Made for the tests.",
    "ending": "factor",
    "vary": {"setting": "net.dropout", "title": "dropout", "axis": "linear"},
    "scales": {
        "smoke": {
            "cost": "seconds",
            "seeds": [0, 1],
            "data": {"name": "digits", "train_rows": 60},
            "net": {"name": "lenet5"},
            "train": {"batch_size": 20, "epochs": 1, "threads": 1, "device": "cpu"},
            "series": [{"name": "LeNet-5", "values": [0.0, 0.5]}],
        }
    },
}
RUNS = (
    "LeNet-5 dropout 0.0 seed 0",
    "LeNet-5 dropout 0.5 seed 0",
    "LeNet-5 dropout 0.0 seed 1",
    "LeNet-5 dropout 0.5 seed 1",
)


def write_study(path: Path, **changes: Any) -> Path:
    """Write the tiny study, with other settings of its one scale where `scale` gives them."""
    content = {**TINY, **{key: value for key, value in changes.items() if key != "scale"}}
    smoke = {**TINY["scales"]["smoke"], **changes.get("scale", {})}
    content["scales"] = {"smoke": smoke}
    content = {key: value for key, value in content.items() if value is not None}
    path.write_text(tomli_w.dumps(content), encoding="utf-8")
    return path


@pytest.fixture(scope="session")
def tiny(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return the file of the tiny study."""
    return write_study(tmp_path_factory.mktemp("study") / "tiny.toml")


@pytest.fixture(scope="session")
def finished(tiny: Path, tmp_path_factory: pytest.TempPathFactory) -> Outcome:
    """The tiny study, run two at a time."""
    return run_study(str(tiny), jobs=2, runs=tmp_path_factory.mktemp("runs"))


def without_times(outcome: Outcome) -> dict[str, Any]:
    """Return the JSON form without what two runs of the same study may differ in."""
    content = outcome.to_json()
    for row in content["rows"]:
        row["results"].pop("seconds", None)
    return content
