"""`run_report`: the report of a finished run, from its folder alone.

Nothing is trained, drawn or written, and the images of the run are not needed.
"""

from __future__ import annotations

import os
import shlex
from collections.abc import Iterator
from pathlib import Path

from calibrant.errors import InvalidRun
from calibrant.predictions import Predictions
from calibrant.recipes.facts_of_run import run_facts
from calibrant.recipes.run_folder import TEMPERATURE, TEST, VALIDATION, RunFolder, read_run_folder
from calibrant.report.build import Origin, comparison_report, predictions_report
from calibrant.report.build.method_choice import QUICK, methods_to_compare
from calibrant.report.model import ComparisonReport, PredictionsReport

SEEDS = "seed-*"
"""Folders of the runs of a recipe, one for each seed."""


def run_report(folder: str | os.PathLike[str]) -> PredictionsReport:
    """Return the report of a run: of its test predictions, with its temperature, and how it was trained.

    Of the other methods those are fitted whose fit is quick, so that the end of a run has not to wait.

    Parameters
    ----------
    folder : path
        What `calibrant run` or `calibrant train` wrote.

    Raises
    ------
    InvalidRun
        The folder holds no finished run, or a damaged one.
    """
    run = read_run_folder(Path(folder))
    report = predictions_report(
        run.test,
        validation=run.validation,
        calibrator=run.calibrator,
        title=f"{run.recipe.title}, seed {run.evaluated.seed}",
        methods=_quick_methods(run.validation),
        origin=Origin(
            test=str(run.path / TEST),
            validation=str(run.path / VALIDATION),
            calibrator=str(run.path / TEMPERATURE),
            command=shlex.join(["calibrant", "report", str(run.path)]),
        ),
        run=run_facts(run),
    )
    known = report.provenance
    told = known.model_copy(
        update={
            "notes": (*_notes(run), *known.notes),
            "versions": (*known.versions, *run.details.versions),
        }
    )
    return report.model_copy(update={"provenance": told})


def seeds_report(folder: str | os.PathLike[str]) -> PredictionsReport | ComparisonReport:
    """Return the reports of a recipe's runs side by side, by seed; of a single run its own report.

    Parameters
    ----------
    folder : path
        That of the recipe, with a folder ``seed-N`` for each run.

    Raises
    ------
    InvalidRun
        There is no run in it, or one that is not finished.
    """
    place = Path(folder)
    found = sorted(filter(Path.is_dir, place.glob(SEEDS)), key=_seed_of)
    if not found:
        raise InvalidRun(f"{place} holds no run: it has no folder {SEEDS}.")
    reports = [run_report(path) for path in found]
    if len(reports) == 1:
        return reports[0]
    seeds = ", ".join(str(report.run.seed) for report in reports if report.run is not None)
    title = reports[0].title.rpartition(", seed ")[0]
    return comparison_report(
        reports,
        title=f"{title}, seeds {seeds}",
        command=shlex.join(["calibrant", "report", str(place)]),
    )


def _quick_methods(validation: Predictions) -> tuple[str, ...]:
    possible = methods_to_compare(validation.n, validation.k, None)
    return tuple(name for name in QUICK if name in possible)


def _seed_of(folder: Path) -> tuple[int, str]:
    number = folder.name.removeprefix("seed-")
    return (int(number) if number.isdecimal() else -1, folder.name)


def _notes(run: RunFolder) -> Iterator[str]:
    """Yield what a reader must know beside the numbers."""
    recipe, evaluated = run.recipe, run.evaluated
    yield f"Trained with seed {evaluated.seed} by: {recipe.command}"
    if evaluated.validation_used_for_early_stopping:
        yield (
            "Early stopping used the validation images too; they flatter the network, and T is fitted there."
        )
    if evaluated.data.skipped_images:
        yield _skipped(evaluated.data.skipped_images, run.details.skipped)
    if recipe.backbone is not None:
        yield (
            f"The network starts from the weights of the recipe {recipe.backbone.recipe!r}, "
            f"seed {recipe.backbone.seed}."
        )


def _skipped(count: int, named: tuple[str, ...]) -> str:
    number = "One image" if count == 1 else f"{count:,} images"
    said = f"{number} could not be read and took no part"
    if not named:
        return f"{said}."
    more = f"; and {count - len(named):,} more" if count > len(named) else ""
    return f"{said}: {'; '.join(named)}{more}."
