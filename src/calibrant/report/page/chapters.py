"""The chapters of the page of one set of predictions, in the order in which a reader asks."""

from __future__ import annotations

from collections.abc import Iterator

from calibrant.report.model import Diagram, PredictionsReport, RunFacts
from calibrant.report.outline import Grid
from calibrant.report.outline.facts import findings, listings, provenance, run_sections
from calibrant.report.outline.parts import classes, decisions, groups, methods
from calibrant.report.outline.probabilities import diagrams, temperatures, tests
from calibrant.report.page.pieces import Chapter, Control, Figure, Folded, Metrics, Pictures, Piece


def chapters(report: PredictionsReport) -> Iterator[Chapter]:
    """Yield the chapters under the verdict."""
    yield Chapter("Reliability", "reliability", tuple(_reliability(report)))
    yield Chapter("Turn the temperature yourself", "temperature", tuple(_temperature(report)))
    yield Chapter("Metrics", "metrics", (Metrics(report.metrics, report.method), *tests(report).blocks))
    yield from _methods(report)
    yield from _classes(report)
    for section in groups(report, None):
        yield Chapter(section.title, "groups", section.blocks)
    yield Chapter("What to decide, and what to leave", "decisions", tuple(_decisions(report)))
    if report.run is not None:
        yield from _run(report.run)
    for section in findings(report.findings):
        yield Chapter(section.title, "findings", section.blocks)
    computed = provenance(report.provenance)
    yield Chapter(computed.title, "provenance", computed.blocks)


def _reliability(report: PredictionsReport) -> Iterator[Piece]:
    for number, panel in enumerate(report.panels):
        for when, side in (("before", panel.before), ("after", panel.after)):
            if side is not None:
                yield Figure(
                    "reliability",
                    _seen(panel.title, when, side),
                    f"{panel.title}, {when}: ECE {side.ece:.4f}, MCE {side.mce:.4f}.",
                    (("panel", str(number)), ("side", when)),
                )
    yield Folded("The bins as tables", diagrams(report).blocks)


def _seen(title: str, when: str, diagram: Diagram) -> str:
    outside = (
        "" if diagram.outside is None else f" {diagram.outside} bins lie outside the range of calibration."
    )
    return (
        f"Reliability diagram and histogram of confidence. {title}, {when}: mean confidence "
        f"{diagram.mean_confidence:.4f}, accuracy {diagram.accuracy:.4f}, ECE {diagram.ece:.4f}.{outside} "
        "The bins are in the table below."
    )


def _temperature(report: PredictionsReport) -> Iterator[Piece]:
    if report.slider is not None:
        yield Control("temperature")
        yield Figure(
            "tempered",
            "Reliability diagram and histogram of the top label at the temperature that was set.",
            "The top label at the temperature that you set, on the test rows. No row is in this page: the "
            "sums of every bin were computed for each temperature before.",
        )
        yield Figure(
            "sweep",
            "ECE and log-loss against the temperature, with the one that was set marked.",
            "ECE and log-loss of the test rows against T. To be looked at: a temperature is never chosen on "
            "test rows.",
        )
        yield Folded("Marked temperatures as a table", temperatures(report).blocks)
    else:
        yield from temperatures(report).blocks


def _methods(report: PredictionsReport) -> Iterator[Chapter]:
    for section in methods(report):
        drawn = Figure(
            "methods",
            "Log-loss of each method minus that of temperature scaling, with intervals; the table has them.",
            "Log-loss minus that of temperature scaling on the same rows, with 95 % intervals: left of the "
            "line is better.",
        )
        yield Chapter("Methods compared", "methods", (drawn, *section.blocks))


def _classes(report: PredictionsReport) -> Iterator[Chapter]:
    for section in classes(report, None):
        pieces: list[Piece] = []
        if any(row.before is not None for row in report.classes) and len(report.classes) > 2:
            pieces.append(
                Figure(
                    "classes",
                    "Reliability of the worst classes, each against the rest; the table has their errors.",
                    "Reliability of the worst classes, each against the rest: before (blue) and after (red).",
                )
            )
        yield Chapter(section.title, "classes", (*pieces, *section.blocks))


def _decisions(report: PredictionsReport) -> Iterator[Piece]:
    sections = list(decisions(report))
    yield Control("deferral")
    yield Figure(
        "coverage",
        "Error rate among the rows that are decided against their share of all rows.",
        "Error rate among the decided rows against their share, as the least sure are left out.",
    )
    yield Figure(
        "cost",
        "Expected cost against the confidence at which rows are decided.",
        "Expected cost a row against the threshold t: an error costs 1, leaving a row 1 − t.",
    )
    yield Folded("Deferring as a table", sections[0].blocks)
    for section in sections[1:]:
        yield Control("positive")
        yield Figure(
            "positive",
            "Expected cost against the probability at which rows are called positive.",
            "Expected cost a row against the probability t at which one acts: a false alarm costs t, a miss "
            "1 − t.",
        )
        yield Folded(f"{section.title}, as a table", section.blocks)


def _run(run: RunFacts) -> Iterator[Chapter]:
    pieces: list[Piece] = []
    if run.epochs:
        for name, caption in (
            ("losses", "Loss of the training batches and of validation images."),
            (
                "errors",
                "Log-loss and ECE of validation images: where they part, the net over-fits to the loss.",
            ),
            ("temperatures", "The temperature that validation images ask for, epoch by epoch."),
        ):
            pieces.append(
                Figure("training", f"{caption} The table has the numbers.", caption, (("of", name),))
            )
    if run.examples:
        pieces.append(Pictures(run.examples))
    for section in run_sections(run):
        if section.title == "Run":
            pieces = [*section.blocks[:2], *pieces, Folded("Data", section.blocks[2:])]
        elif section.title != "Further tables" and not (section.title == "Sure and wrong" and run.examples):
            pieces.append(Folded(section.title, section.blocks))
    for grid in listings(run.listings):
        pieces.append(Folded(grid.caption, (Grid(grid.header, grid.rows),)))
    yield Chapter("The run", "run", tuple(pieces))
