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
from calibrant.deploy.classes import ComparedClasses, compare_classes
from calibrant.deploy.compared import COMPARED, Exported
from calibrant.deploy.export import Format, export
from calibrant.deploy.facts import facts_for
from calibrant.deploy.images import ImageModel
from calibrant.exported.facts import ModelFacts, PixelFacts
from calibrant.pictures.channels import with_channels
from calibrant.recipes.finished import FinishedRun, load_run
from calibrant.recipes.runner import load_data


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
    classes_compared : {"names", "number", "nothing"}
        What the calibrator says of its classes, and was compared with the run's.
    """

    exported: Exported
    facts: ModelFacts
    own_images: bool
    classes_compared: ComparedClasses


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
    compared = compare_classes(
        chosen.fitted_on_,
        run.classes,
        len(run.classes),
        calibrator=str(calibrator or "the calibrator"),
        other="the run",
    )
    model = ImageModel(run.net, run.normalisation, chosen)
    images = _own_images(run, data)
    facts = _facts(run, chosen)
    exported = export(model, output, form=form, facts=facts, inputs=_drawn(run) if images is None else images)
    return ExportedRun(exported, facts, images is not None, compared)


def _own_images(run: FinishedRun, data: Path | None) -> Tensor | None:
    """Return test images of the run's data in its size and channels, where they are on this machine."""
    spec = run.recipe.data
    if data is None and spec.name != digits.NAME and find_folder(spec, None) is None:
        return None
    sized = spec.model_copy(update={"image_size": run.image_size})
    images = load_data(run.recipe.model_copy(update={"data": sized}), data).test.pixels[:COMPARED]
    return torch.from_numpy(with_channels(images.numpy(), run.channels))


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
