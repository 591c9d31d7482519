"""Seeds are sound: the readers take them as they are. Those that need a fit or a training are left out."""

from __future__ import annotations

from pathlib import Path

import pytest

from calibrant.io import read
from tools.fuzz.targets import TARGETS, examine

QUICK = ("applied", "arrow", "checkpoint", "csv", "image", "npy", "npz", "parquet", "parts", "recipe")
ALSO_QUICK = ("onnx", "program", "safetensors", "study", "study_folder", "torch", "weights")
ROWS = {"npz": ".npz", "csv": ".csv", "safetensors": ".safetensors", "parquet": ".parquet", "arrow": ".arrow"}


@pytest.mark.parametrize("name", [*QUICK, *ALSO_QUICK])
def test_seeds_go_through_their_target(name: str) -> None:
    seeds = TARGETS[name].seed()
    assert seeds
    for content in seeds.values():
        examine(TARGETS[name].read(), content)


@pytest.mark.parametrize("name", ROWS)
def test_seeds_of_rows_hold_rows(name: str, tmp_path: Path) -> None:
    for seed, content in TARGETS[name].seed().items():
        path = tmp_path / Path(seed).with_suffix(ROWS[name])
        path.write_bytes(content)
        assert read(path).n >= 3
