"""What a finished run leaves in its folder besides predictions: evaluation, figures and page."""

from __future__ import annotations

from importlib.metadata import version

from calibrant._version import __version__
from calibrant.atomic import write_text
from calibrant.datasets.spec import ChannelConstants
from calibrant.plots.save import to_svg
from calibrant.recipes.evaluation import write_evaluation
from calibrant.recipes.figures import CaptionedFigure, run_figures, save_figures
from calibrant.recipes.library import recipe_text
from calibrant.recipes.runner import Run
from calibrant.report import DataFacts, LayerRow, ReportFigure, RunReport, render

_PACKAGES = ("numpy", "scipy", "numba", "torch", "lightning-fabric")
_NORMALISATIONS = {
    "train": "each channel by its mean and standard deviation over the training images",
    "half": "to −1 … 1 (mean 0.5, standard deviation 0.5)",
}


def write_artefacts(run: Run) -> None:
    """Write `evaluation.json`, the figures as PNG and SVG, and `report.html`."""
    write_evaluation(run)
    figures = run_figures(run)
    save_figures(run, figures)
    write_text(run.folder / "report.html", render(run_report(run, figures)))


def run_report(run: Run, figures: tuple[CaptionedFigure, ...]) -> RunReport:
    """Return the page of a run as data."""
    fit = run.calibrator.fit_
    assert fit is not None
    notes = [f"Trained with seed {run.seed} by: {run.recipe.command}"]
    if run.validation_reused:
        notes.append(
            "Early stopping used the validation images too; they flatter the network, and T is fitted there."
        )
    return RunReport(
        title=run.recipe.title,
        description=run.recipe.summary,
        source=run.recipe.source,
        before=run.comparison.before,
        after=run.comparison.after,
        fit=fit,
        data=_data_facts(run),
        layers=tuple(LayerRow(row.name, row.output_shape, row.parameters) for row in run.layers),
        figures=tuple(ReportFigure(drawn.caption, drawn.caption, to_svg(drawn.figure)) for drawn in figures),
        recipe=recipe_text(run.recipe),
        notes=tuple(notes),
        versions=(("calibrant", __version__), *((name, version(name)) for name in _PACKAGES)),
    )


def _data_facts(run: Run) -> DataFacts:
    data, normalise = run.data, run.recipe.data.normalise
    words = "by given constants" if isinstance(normalise, ChannelConstants) else _NORMALISATIONS[normalise]
    constants = ", ".join(
        f"{mean:.4f} / {std:.4f}"
        for mean, std in zip(data.normalisation.mean, data.normalisation.std, strict=True)
    )
    return DataFacts(
        source=run.recipe.data.name,
        n_train=len(data.train),
        n_validation=len(data.validation),
        n_test=len(data.test),
        classes=data.classes,
        split_hash=data.split_hash,
        normalisation=f"{words}; mean / standard deviation: {constants}",
    )
