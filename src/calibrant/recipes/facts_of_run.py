"""What the folder of a run says about the run itself, as the part of a report: data, epochs, network, bins.

The predictions are reported elsewhere.
"""

from __future__ import annotations

from collections.abc import Iterator

from calibrant.datasets.spec import ChannelConstants
from calibrant.printable import shown
from calibrant.recipes.library import recipe_text
from calibrant.recipes.run_folder import RunFolder
from calibrant.recipes.temperatures import BinsAt, bins_at_temperatures
from calibrant.report.model import Epoch, Listing, RunFacts
from calibrant.train.history import EpochRow, best_epoch

_NORMALISATIONS = {
    "train": "each channel by mean and deviation of the training images",
    "half": "to −1 … 1 (mean 0.5, standard deviation 0.5)",
}


def run_facts(run: RunFolder) -> RunFacts:
    """Return what the files of a run say about it."""
    recipe, history = run.recipe, run.history
    early = recipe.train.early_stopping_patience is not None
    bins = bins_at_temperatures(run.test, run.calibrator, recipe.figures.fixed_temperatures)
    return RunFacts(
        description=recipe.summary,
        source=recipe.source,
        seed=run.evaluated.seed,
        recipe=recipe_text(recipe),
        data=tuple(_data(run)),
        epochs=tuple(_epoch(row) for row in history),
        kept_epoch=best_epoch(history) if early else None,
        drops=tuple(epoch for epoch in recipe.train.drops if epoch < len(history)),
        layers=run.details.layers,
        examples=run.details.examples,
        listings=tuple(_listing(entry) for entry in bins),
    )


def _data(run: RunFolder) -> Iterator[tuple[str, str]]:
    spec, facts = run.recipe.data, run.evaluated.data
    yield "source", spec.name
    yield "training images", f"{facts.train_rows:,}"
    yield "validation images", f"{facts.validation_rows:,}"
    yield "test images", f"{facts.test_rows:,}"
    yield "image size", f"{facts.image_size} × {facts.image_size} pixels"
    yield f"{len(facts.classes):,} classes", ", ".join(map(shown, facts.classes))
    given = isinstance(spec.normalise, ChannelConstants)
    yield "normalisation", "by given constants" if given else _NORMALISATIONS[str(spec.normalise)]
    yield "channel means", _numbers(facts.mean)
    yield "channel standard deviations", _numbers(facts.std)
    yield "SHA-256 of the split", facts.split_hash
    if facts.skipped_images:
        yield "images that could not be read", f"{facts.skipped_images:,}"


def _numbers(values: tuple[float, ...]) -> str:
    return ", ".join(f"{value:.4f}" for value in values)


def _epoch(row: EpochRow) -> Epoch:
    return Epoch(
        epoch=row.epoch,
        train_loss=row.train_loss,
        val_loss=row.val_loss,
        val_nll=row.val_nll,
        val_accuracy=row.val_accuracy,
        val_ece=row.val_ece,
        val_temperature=row.val_temperature,
    )


def _listing(bins: BinsAt) -> Listing:
    return Listing(
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
