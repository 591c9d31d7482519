"""What a finished run leaves in its folder besides predictions: evaluation, details, figures and report."""

from __future__ import annotations

from importlib.metadata import version

from calibrant.atomic import write_text
from calibrant.held import held
from calibrant.recipes.details import RunDetails, write_details
from calibrant.recipes.evaluation import write_evaluation
from calibrant.recipes.example_images import surest_errors
from calibrant.recipes.figures import run_figures, save_figures
from calibrant.recipes.report_of_run import run_report
from calibrant.recipes.runner import Run
from calibrant.recipes.temperatures import bins_at_temperatures, bins_csv
from calibrant.report.model import Layer, to_json

_PACKAGES = ("torch", "lightning-fabric")
_NAMED = 5


def write_artefacts(run: Run) -> None:
    """Write all files that a run leaves at its end.

    They are `evaluation.json`, `details.json`, the figures as PNG and SVG, `report.html`, `report.json`, and
    `bins.csv` where the recipe asks for bins at fixed temperatures.

    Raises
    ------
    FolderInUse
        Another process makes the run.
    """
    with held(run.folder):
        write_evaluation(run)
        write_details(run.folder, run_details(run))
        test, fixed = run.predictions.test, run.recipe.figures.fixed_temperatures
        bins = bins_at_temperatures(test, run.calibrator, fixed)
        if bins:
            write_text(run.folder / "bins.csv", bins_csv(bins))
        save_figures(run, run_figures(run, bins))
        write_report(run)


def write_report(run: Run) -> None:
    """Write the report of a run whose other files are there, as a page and as JSON."""
    from calibrant.report.page import render

    report = run_report(run.folder)
    write_text(run.folder / "report.json", to_json(report))
    write_text(run.folder / "report.html", render(report))


def run_details(run: Run) -> RunDetails:
    """Return what the report needs and no other file of the run has."""
    test = run.predictions.test
    return RunDetails(
        layers=tuple(
            Layer(name=row.name, output_shape=row.output_shape, parameters=row.parameters)
            for row in run.layers
        ),
        examples=surest_errors(test, run.calibrator.transform(test), run.data.test),
        skipped=run.data.skipped[:_NAMED],
        versions=tuple((name, version(name)) for name in _PACKAGES),
    )
