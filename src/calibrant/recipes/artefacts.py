"""What a finished run leaves in its folder besides predictions: evaluation, figures and page."""

from __future__ import annotations

from importlib.metadata import version

from calibrant._version import __version__
from calibrant.atomic import write_text
from calibrant.datasets.spec import ChannelConstants
from calibrant.recipes.evaluation import write_evaluation
from calibrant.recipes.figures import CaptionedFigure, run_figures, save_figures
from calibrant.recipes.library import recipe_text
from calibrant.recipes.runner import Run
from calibrant.recipes.temperatures import BinsAt, bins_at_temperatures, bins_csv
from calibrant.report import DataFacts, LayerRow, ReportFigure, ReportTable, RunReport, render

_PACKAGES = ("numpy", "scipy", "numba", "torch", "lightning-fabric")
_SHOWN = 5
_NORMALISATIONS = {
    "train": "each channel by its mean and standard deviation over the training images",
    "half": "to −1 … 1 (mean 0.5, standard deviation 0.5)",
}


def write_artefacts(run: Run) -> None:
    """Write `evaluation.json`, the figures as PNG and SVG, `report.html`, and where asked for `bins.csv`."""
    write_evaluation(run)
    bins = bins_at_temperatures(run)
    if bins:
        write_text(run.folder / "bins.csv", bins_csv(bins))
    figures = run_figures(run, bins)
    save_figures(run, figures)
    write_text(run.folder / "report.html", render(run_report(run, figures, bins)))


def run_report(run: Run, figures: tuple[CaptionedFigure, ...], bins: tuple[BinsAt, ...] = ()) -> RunReport:
    """Return the page of a run as data."""
    fit = run.calibrator.fit_
    assert fit is not None
    notes = [f"Trained with seed {run.seed} by: {run.recipe.command}"]
    if run.validation_reused:
        notes.append(
            "Early stopping used the validation images too; they flatter the network, and T is fitted there."
        )
    if run.data.skipped:
        notes.append(_skipped(run.data.skipped))
    if run.recipe.backbone is not None:
        notes.append(
            f"The network starts from the weights of the recipe {run.recipe.backbone.recipe!r}, "
            f"seed {run.recipe.backbone.seed}."
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
        figures=tuple(ReportFigure(drawn.caption, drawn.caption, drawn.svg) for drawn in figures),
        tables=tuple(_bin_table(entry) for entry in bins),
        recipe=recipe_text(run.recipe),
        notes=tuple(notes),
        versions=(("calibrant", __version__), *((name, version(name)) for name in _PACKAGES)),
    )


def _bin_table(bins: BinsAt) -> ReportTable:
    return ReportTable(
        caption=f"Bins of the top label at {bins.title}: ECE {bins.table.ece:.4f}",
        header=("bin", "rows", "confidence", "accuracy"),
        rows=tuple(
            (
                f"({record['lower']:.3f}, {record['upper']:.3f}]",
                f"{record['n']:,}",
                *(
                    "" if record[name] is None else f"{record[name]:.4f}"
                    for name in ("confidence", "accuracy")
                ),
            )
            for record in bins.table.records()
        ),
    )


def _skipped(skipped: tuple[str, ...]) -> str:
    shown = "; ".join(skipped[:_SHOWN])
    more = f"; and {len(skipped) - _SHOWN:,} more" if len(skipped) > _SHOWN else ""
    number = "One image" if len(skipped) == 1 else f"{len(skipped):,} images"
    return f"{number} could not be read and took no part: {shown}{more}."


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
