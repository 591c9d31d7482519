"""The sections on where a report comes from: the run, what was found in the rows, files and versions."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from calibrant.printable import shown
from calibrant.report.model import Finding, Listing, Provenance, RunFacts
from calibrant.report.outline.blocks import Block, Command, Grid, Paragraph, Section, Verbatim
from calibrant.report.outline.numbers import number, share


def run_sections(run: RunFacts | None) -> Iterator[Section]:
    """Yield what a run adds."""
    if run is None:
        return
    yield Section(
        "Run",
        (
            Paragraph(run.description),
            Paragraph(f"Source: {run.source}"),
            Paragraph(f"Seed: {run.seed}"),
            Grid(("data", ""), run.data),
        ),
    )
    if run.epochs:
        yield Section("Training", (_epochs(run), *_kept(run)))
    if run.layers:
        rows = tuple(
            (layer.name, " × ".join(str(size) for size in layer.output_shape), f"{layer.parameters:,}")
            for layer in run.layers
        )
        yield Section("Network", (Grid(("layer", "output", "parameters"), rows),))
    if run.examples:
        images = tuple(
            (
                example.id or "",
                shown(example.label),
                shown(example.predicted),
                share(example.before),
                share(example.after),
            )
            for example in run.examples
        )
        yield Section("Sure and wrong", (Grid(("image", "is", "taken for", "before", "after"), images),))
    if run.listings:
        yield Section("Further tables", tuple(listings(run.listings)))
    yield Section("Recipe", (Verbatim(run.recipe),))


def listings(tables: Sequence[Listing]) -> Iterator[Grid]:
    """Yield tables of strings."""
    for table in tables:
        yield Grid(table.header, table.rows, table.caption)


def findings(found: Sequence[Finding]) -> Iterator[Section]:
    """Yield what `doctor` found, where it found anything."""
    if found:
        blocks = tuple(
            Paragraph(f"{finding.severity}, {finding.name}: {finding.what} {finding.advice}")
            for finding in found
        )
        yield Section("Findings", blocks)


def provenance(of: Provenance) -> Section:
    """Return how to get the same numbers."""
    blocks: list[Block] = [Paragraph(note) for note in of.notes]
    if of.command:
        blocks.append(Command(of.command))
    rows = tuple(
        (
            facts.role,
            facts.name,
            "" if facts.rows is None else f"{facts.rows:,}",
            (facts.sha256 or "")[:16],
            (facts.content or "")[:16],
        )
        for facts in of.files
    )
    header = ("file", "name", "rows", "SHA-256 begins", "fingerprint begins")
    blocks.append(Grid(header, rows, spare=(4,)))
    versions = ", ".join(f"{name} {version}" for name, version in of.versions)
    blocks.append(Paragraph(f"Seed {of.seed}; {versions}."))
    return Section("How it was computed", tuple(blocks))


def _epochs(run: RunFacts) -> Grid:
    header = ("epoch", "train loss", "val loss", "val log-loss", "val accuracy", "val ECE", "T")
    rows = tuple(
        (
            str(row.epoch),
            *(number(value) for value in (row.train_loss, row.val_loss, row.val_nll, row.val_accuracy)),
            number(row.val_ece),
            f"{row.val_temperature:.3f}",
        )
        for row in run.epochs
    )
    return Grid(header, rows, "Of validation images but for the training loss")


def _kept(run: RunFacts) -> Iterator[Paragraph]:
    if run.kept_epoch is not None:
        yield Paragraph(f"The weights of epoch {run.kept_epoch} were kept, chosen on validation rows.")
    if run.drops:
        epochs = ", ".join(str(epoch) for epoch in run.drops)
        yield Paragraph(f"The learning rate was cut after epoch {epochs}.")
