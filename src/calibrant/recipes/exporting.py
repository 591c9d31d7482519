"""`export_run`: the network of a finished run and its calibrator in one file for other programs.

The comparison is made on the run's own images where they are at hand, else on drawn ones.
"""

from __future__ import annotations

import json
import os
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import torch
from torch import Tensor

from calibrant._version import __version__
from calibrant.calibrators import Calibrator, load
from calibrant.datasets import digits
from calibrant.datasets.locate import find_folder
from calibrant.deploy.export import Exported, Format, export
from calibrant.deploy.images import ImageModel
from calibrant.errors import IncompatiblePredictions
from calibrant.recipes.finished import FinishedRun, load_run
from calibrant.recipes.runner import load_data

COMPARED = 200
"""Images that an export is compared on."""


@dataclass(frozen=True, slots=True)
class ExportedRun:
    """An exported run: the file, and whether it was compared on images of the run's data."""

    exported: Exported
    method: str
    own_images: bool

    def to_json(self) -> dict[str, Any]:
        """Return the method and the comparison as plain values."""
        compared = {"images": self.exported.images, "difference": self.exported.difference}
        return {"method": self.method, "own_images": self.own_images, **compared}

    def __str__(self) -> str:
        images = "images of the run's data" if self.own_images else "drawn images"
        return (
            f"{self.method}: compared with Python on {self.exported.images:,} {images}, "
            f"largest difference {self.exported.difference:.1g}"
        )


def export_run(
    folder: str | os.PathLike[str],
    output: Path,
    *,
    form: Format,
    calibrator: Path | None = None,
    data: Path | None = None,
) -> ExportedRun:
    """Write the calibrated network of a run as one file.

    Parameters
    ----------
    folder : path
        A finished run.
    output : Path
        The file.
    form : {"onnx", "torch"}
        Its format.
    calibrator : Path, optional
        A calibrator of `calibrant fit` for the run's logits; by default the run's temperature.
    data : Path, optional
        Folder of the run's images, where they are not where its recipe says.

    Raises
    ------
    IncompatiblePredictions
        The calibrator was fitted on another number of classes, or is no formula of the logits.
    ExportFailed
        What was written would say something else; there is no file then.
    """
    run = load_run(folder)
    chosen: Calibrator = run.calibrator if calibrator is None else load(calibrator)
    record = chosen.fitted_on_
    if record is not None and record.k != len(run.classes):
        raise IncompatiblePredictions(
            f"{calibrator} was fitted on {record.k} classes, and the run has {len(run.classes)}."
        )
    model = ImageModel(run.net, run.normalisation, chosen)
    images = _own_images(run, data)
    exported = export(
        model,
        output,
        form=form,
        metadata=_metadata(run, chosen),
        images=_drawn(run) if images is None else images,
    )
    return ExportedRun(exported, chosen.method, images is not None)


def _own_images(run: FinishedRun, data: Path | None) -> Tensor | None:
    """Return test images of the run's data, where they are on this machine."""
    spec = run.recipe.data
    if data is None and spec.name != digits.NAME and find_folder(spec, None) is None:
        return None
    return load_data(run.recipe, data).test.pixels[:COMPARED]


def _drawn(run: FinishedRun) -> Tensor:
    shape = (COMPARED, run.channels, run.image_size, run.image_size)
    generator = torch.Generator().manual_seed(0)
    return torch.randint(0, 256, shape, generator=generator, dtype=torch.int64).to(torch.uint8)


def _metadata(run: FinishedRun, calibrator: Calibrator) -> dict[str, str]:
    record = calibrator.fitted_on_
    return {
        "calibrant": __version__,
        "classes": json.dumps(list(run.classes), ensure_ascii=False),
        "method": calibrator.method,
        "calibrator": calibrator.describe(),
        "fitted_on": "unknown" if record is None else record.content_hash,
        "input": f"uint8 pixels (n, {run.channels}, {run.image_size}, {run.image_size}), 0 to 255",
        "output": "calibrated probabilities (n, classes), float32",
    }
