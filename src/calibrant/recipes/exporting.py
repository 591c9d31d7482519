"""`export_run`: the network of a finished run and its calibrator in one file for other programs.

The comparison is made on the run's own images where they are at hand, else on drawn ones.
"""

from __future__ import annotations

import os
from dataclasses import dataclass
from pathlib import Path

import torch
from torch import Tensor

from calibrant.calibrators import Calibrator, load
from calibrant.datasets import digits
from calibrant.datasets.locate import find_folder
from calibrant.deploy.compared import Exported
from calibrant.deploy.export import Format, export
from calibrant.deploy.facts import facts_for
from calibrant.deploy.images import ImageModel
from calibrant.errors import IncompatiblePredictions
from calibrant.exported.facts import ModelFacts, PixelFacts
from calibrant.recipes.finished import FinishedRun, load_run
from calibrant.recipes.runner import load_data

COMPARED = 200
"""Images that an export is compared on."""


@dataclass(frozen=True, slots=True)
class ExportedRun:
    """An exported run.

    Attributes
    ----------
    exported : Exported
        The file.
    facts : ModelFacts
        What it says about itself.
    own_images : bool
        Whether it was compared on images of the run's data.
    names_compared : bool
        Whether the calibrator names its classes, so that they could be compared with the run's.
    """

    exported: Exported
    facts: ModelFacts
    own_images: bool
    names_compared: bool


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
        The calibrator was fitted on other classes or in another order, or is no formula of the logits.
    ExportFailed
        What was written would say something else; there is no file then.
    """
    run = load_run(folder)
    chosen: Calibrator = run.calibrator if calibrator is None else load(calibrator)
    names_compared = _check_classes(chosen, run, calibrator)
    model = ImageModel(run.net, run.normalisation, chosen)
    images = _own_images(run, data)
    facts = _facts(run, chosen)
    exported = export(model, output, form=form, facts=facts, inputs=_drawn(run) if images is None else images)
    return ExportedRun(exported, facts, images is not None, names_compared)


def _check_classes(calibrator: Calibrator, run: FinishedRun, path: Path | None) -> bool:
    """Refuse a calibrator of other classes; return whether it names its classes."""
    record, whose = calibrator.fitted_on_, path or "the calibrator"
    if record is not None and record.k != len(run.classes):
        raise IncompatiblePredictions(
            f"{whose} was fitted on {record.k} classes, and the run has {len(run.classes)}."
        )
    if record is None or record.classes is None:
        return False
    for index, (fitted, own) in enumerate(zip(record.classes, run.classes, strict=True)):
        if fitted != own:
            raise IncompatiblePredictions(
                f"{whose} was fitted on other classes than the run's, or in another order: "
                f"class {index} is {fitted!r} there and {own!r} in the run. Fit it on the run's val.npz."
            )
    return True


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


def _facts(run: FinishedRun, calibrator: Calibrator) -> ModelFacts:
    constants = run.normalisation
    return facts_for(
        calibrator,
        classes=run.classes,
        takes="pixels",
        pixels=PixelFacts(run.image_size, run.channels, constants.mean, constants.std),
        split_hash=run.split_hash,
    )
