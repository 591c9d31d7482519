"""The chapters of the page of one set of predictions, in the order in which a reader asks."""

from __future__ import annotations

from collections.abc import Iterator

from calibrant.report.model import Diagram, PredictionsReport
from calibrant.report.outline import Paragraph
from calibrant.report.outline.facts import provenance
from calibrant.report.outline.parts import classes, decisions, groups, methods
from calibrant.report.outline.probabilities import class_bins, diagrams, temperatures, tests
from calibrant.report.page.chapter_of_run import run_chapter
from calibrant.report.page.pieces import (
    Beside,
    Chapter,
    Compared,
    Control,
    Figure,
    Folded,
    Found,
    Metrics,
    Piece,
)

_KEY = (
    "Bars and dots: how often the rows of a bin were right, with its interval, at their mean confidence. "
    "Dashed: perfect calibration. Grey boxes: where calibrated probabilities would lie by chance. "
    "Below: the share of rows in each bin."
)
_TEMPERED = Figure(
    "tempered",
    "Reliability diagram and histogram of the top label at the temperature that was set.",
    "The top label at the temperature that you set, on the test rows. No row is in this page: the sums of "
    "every bin were computed for each temperature before.",
)
_SWEEP = Figure(
    "sweep",
    "Log-loss and ECE against the temperature, with the one that was set marked.",
    "Log-loss and ECE of the test rows against T; dotted: the named temperatures. To be looked at: a "
    "temperature is never chosen on test rows.",
)
_COVERAGE = Figure(
    "coverage",
    "Error rate among the rows that are decided against their share of all rows.",
    "Error rate among the decided rows against their share, as the least sure are left out.",
)
_COST = Figure(
    "cost",
    "Expected cost against the confidence at which rows are decided.",
    "Expected cost a row against the threshold t: an error costs 1, leaving a row 1 − t.",
)


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
        yield run_chapter(report.run)
    if report.findings:
        yield Chapter("Findings", "findings", (Found(report.findings),))
    computed = provenance(report.provenance)
    yield Chapter(computed.title, "provenance", computed.blocks)


def _reliability(report: PredictionsReport) -> Iterator[Piece]:
    yield Paragraph(_KEY)
    for number, panel in enumerate(report.panels):
        sides = (("before", panel.before), ("after", panel.after))
        yield Beside(
            tuple(
                Figure(
                    "reliability",
                    _seen(f"{panel.title}{_when(when, report)}", side),
                    f"{panel.title}{_when(when, report)}: ECE {side.ece:.4f}, MCE {side.mce:.4f}.",
                    (("panel", str(number)), ("side", when)),
                )
                for when, side in sides
                if side is not None
            )
        )
    yield Folded("The bins as tables", diagrams(report).blocks)


def _when(when: str, report: PredictionsReport) -> str:
    """Return when, where there is a choice."""
    return "" if report.method is None else f", {when}"


def _seen(title: str, diagram: Diagram) -> str:
    outside = (
        "" if diagram.outside is None else f" {diagram.outside} bins lie outside the range of calibration."
    )
    return (
        f"Reliability diagram and histogram of confidence. {title}: mean confidence "
        f"{diagram.mean_confidence:.4f}, accuracy {diagram.accuracy:.4f}, ECE {diagram.ece:.4f}.{outside} "
        "The bins are in the table below."
    )


def _temperature(report: PredictionsReport) -> Iterator[Piece]:
    if report.slider is not None:
        yield Control("temperature")
        yield Beside((_TEMPERED, _SWEEP))
        yield Folded("Marked temperatures as a table", temperatures(report).blocks)
    else:
        yield from temperatures(report).blocks


def _methods(report: PredictionsReport) -> Iterator[Chapter]:
    if report.methods is None:
        return
    for section in methods(report):
        drawn = Figure(
            "methods",
            "Log-loss of each method minus that of temperature scaling, with intervals; the table has them.",
            "Log-loss minus that of temperature scaling on the same rows, with 95 % intervals: left of the "
            "line is better.",
        )
        yield Chapter("Methods compared", "methods", (drawn, Compared(report.methods), *section.blocks[1:]))


def _classes(report: PredictionsReport) -> Iterator[Chapter]:
    for section in classes(report, None):
        pieces: list[Piece] = list(section.blocks)
        if any(row.before is not None for row in report.classes) and len(report.classes) > 2:
            pieces += (
                Figure(
                    "classes",
                    "Reliability of the worst classes, each against the rest; the tables have their bins.",
                    "Frequency against probability of the worst classes, each against the rest; large dots "
                    "are many rows.",
                ),
                Folded(
                    "The bins of these classes as tables", tuple(class_bins(report.classes)), on_paper=False
                ),
            )
        yield Chapter(section.title, "classes", tuple(pieces))


def _decisions(report: PredictionsReport) -> Iterator[Piece]:
    sections = list(decisions(report))
    yield Control("deferral")
    yield Beside((_COVERAGE, _COST))
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
