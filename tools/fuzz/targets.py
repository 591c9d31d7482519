"""The targets by name: what reads the bytes, what mutates them, and the seeds they start from.

They stand in the order of risk, which is the order in which a campaign gives them time. Modules are named,
not imported, so that a fuzzer of one target loads and instruments what that one needs.
"""

from __future__ import annotations

import tempfile
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from importlib import import_module
from pathlib import Path
from typing import Any, final

from tools.fuzz.mutators.draw import Mutator

_FAST = Path("/dev/shm")

Reader = Callable[[bytes, Path], None]
"""Writes bytes into an empty folder and has them read; raises at whatever must not happen."""


@final
@dataclass(frozen=True, slots=True)
class Target:
    """A reader of foreign bytes.

    Attributes
    ----------
    reader, mutator, seeds : str
        Where each is: module and function, below this package.
    """

    reader: str
    mutator: str
    seeds: str

    def read(self) -> Reader:
        """Return what reads the bytes."""
        found: Reader = _at(self.reader)
        return found

    def mutate(self) -> Mutator:
        """Return what mutates them and keeps their form."""
        found: Mutator = _at(f"mutators.{self.mutator}")
        return found

    def seed(self) -> Mapping[str, bytes]:
        """Return tiny sound files by name."""
        made: Mapping[str, bytes] = _at(self.seeds)()
        return made


def examine(read: Reader, content: bytes) -> None:
    """Have bytes read in a folder of their own, in memory where the system has such a place."""
    place = _FAST if _FAST.is_dir() else None
    with tempfile.TemporaryDirectory(prefix="fuzz-", dir=place, ignore_cleanup_errors=True) as folder:
        read(content, Path(folder))


def _at(name: str) -> Any:
    module, _, function = name.rpartition(".")
    return getattr(import_module(f"tools.fuzz.{module}"), function)


TARGETS: dict[str, Target] = {
    "calibrator": Target("documents.calibrator", "trees.json_text", "seeds.calibrators"),
    "npz": Target("predictions_files.npz", "archives.archive", "seeds.npz"),
    "csv": Target("predictions_files.csv", "tables.csv_text", "seeds.csv"),
    "npy": Target("predictions_files.npy", "arrays.npy", "seeds.npy"),
    "recipe": Target("experiments.recipe", "trees.toml_text", "run_seeds.recipes"),
    "parts": Target("predictions_files.parts", "archives.folder", "seeds.parts"),
    "safetensors": Target("predictions_files.safetensors", "tensors.safetensors", "seeds.safetensors"),
    "report": Target("documents.report", "trees.json_text", "run_seeds.reports"),
    "parquet": Target("predictions_files.parquet", "tables.parquet_table", "seeds.parquet"),
    "arrow": Target("predictions_files.arrow", "tables.arrow_table", "seeds.arrow"),
    "run": Target("folders.run", "archives.folder", "run_seeds.runs"),
    "study_folder": Target("experiments.study_folder", "archives.folder", "run_seeds.study_folders"),
    "applied": Target("documents.applied", "archives.folder", "seeds.applied"),
    "torch": Target("predictions_files.torch", "archives.archive", "seeds.torch_files"),
    "weights": Target("tensors.weights", "archives.archive", "run_seeds.weights"),
    "onnx": Target("exported_files.exported", "draw.plain", "seeds.onnx_files"),
    "program": Target("exported_files.exported", "archives.archive", "seeds.programs"),
    "checkpoint": Target("tensors.checkpoint", "archives.archive", "run_seeds.checkpoints"),
    "study": Target("experiments.study", "trees.toml_text", "run_seeds.studies"),
    "image": Target("tensors.image", "pictures.picture", "seeds.images"),
}
