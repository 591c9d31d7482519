"""The sections on how good the probabilities are: metrics, reliability, temperatures and tests."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from calibrant.printable import shown
from calibrant.report.model import ClassRow, Diagram, Metric, PredictionsReport, Slider
from calibrant.report.outline.blocks import Block, Cells, Grid, Paragraph, Section
from calibrant.report.outline.numbers import between, chance, number


def metrics(report: PredictionsReport) -> Section:
    """Return the table of metrics."""
    interval, by_chance = "95 % interval", "if calibrated"
    if report.method is None:
        header: Cells = ("", "value", interval, by_chance)
    else:
        header = ("", "before", interval, "after", interval, f"{by_chance}, after")
    grid = Grid(header, tuple(_metric(metric, report.method is not None) for metric in report.metrics))
    said = (
        "What a calibration error would be by chance, were these probabilities right, is in the last column."
    )
    return Section("Metrics", (grid, Paragraph(said)))


def diagrams(report: PredictionsReport) -> Section:
    """Return the bins of every panel."""
    blocks: list[Block] = []
    for panel in report.panels:
        sides = (("before", panel.before), ("after", panel.after))
        blocks.extend(_bins(f"{panel.title}, {when}", side) for when, side in sides if side is not None)
    return Section("Reliability", tuple(blocks))


def class_bins(classes: Sequence[ClassRow]) -> Iterator[Grid]:
    """Yield the bins of the classes that have diagrams."""
    for row in classes:
        for when, side in (("before", row.before), ("after", row.after)):
            if side is not None:
                yield _bins(f"{shown(row.name)}, {when}", side)


def temperatures(report: PredictionsReport) -> Section:
    """Return the metrics at the marked temperatures, or why there are none."""
    if report.slider is None:
        return Section("Other temperatures", (Paragraph(report.no_slider),))
    header = ("T", "ECE", "MCE", "log-loss", "Brier", "")
    return Section("Other temperatures", (Grid(header, tuple(_marked(report.slider))),))


def tests(report: PredictionsReport) -> Section:
    """Return the tests of perfect calibration, and what they could find."""
    blocks: list[Block] = []
    if report.tests:
        rows = tuple((test.title, test.when, chance(test.p_value)) for test in report.tests)
        blocks.append(Grid(("test of perfect calibration", "when", "p-value"), rows))
        blocks.extend(
            Paragraph(f"{test.when.capitalize()}: {test.conclusion}")
            for test in report.tests
            if test.title == report.tests[0].title
        )
    if report.detectable is not None:
        blocks.append(Paragraph(_detectable(report)))
    return Section("Tests", tuple(blocks) or (Paragraph("These rows were not tested."),))


def _metric(metric: Metric, has_after: bool) -> Cells:
    before = (metric.title, number(metric.before.value), between(metric.before.interval))
    if not has_after:
        return (*before, between(metric.before.expected))
    after = metric.after
    if after is None:
        return (*before, "", "", "")
    return (*before, number(after.value), between(after.interval), between(after.expected))


def _bins(title: str, diagram: Diagram) -> Grid:
    rows = []
    for of in diagram.bins:
        if of.accuracy is None or of.confidence is None:
            continue
        ends = f"({of.lower:.4g}, {of.upper:.4g}]"
        band = "" if of.band_low is None else f"{of.band_low:.3f} to {of.band_high:.3f}"
        interval = "" if of.low is None else f"{of.low:.3f} to {of.high:.3f}"
        gap = f"{of.accuracy - of.confidence:+.4f}"
        rows.append((ends, f"{of.n:,}", number(of.confidence), number(of.accuracy), gap, interval, band))
    outside = "" if diagram.outside is None else f", {diagram.outside} bins outside the range of calibration"
    return Grid(
        (
            "bin",
            "rows",
            "confidence",
            "accuracy",
            "gap",
            f"{100 * diagram.level:.0f} % of accuracy",
            "if calibrated",
        ),
        tuple(rows),
        caption=f"{title}: ECE {diagram.ece:.4f}, MCE {diagram.mce:.4f}{outside}",
    )


def _marked(slider: Slider) -> Iterator[Cells]:
    for mark in slider.marks:
        temperature = slider.temperatures[mark.index]
        name = "" if mark.label == f"{temperature:g}" else mark.label
        columns = (slider.ece, slider.mce, slider.nll, slider.brier)
        yield (f"{temperature:.4g}", *(number(column[mark.index]) for column in columns), name)


def _detectable(report: PredictionsReport) -> str:
    found = report.detectable
    assert found is not None
    if found.error is None:
        return "On so many rows the test would find no error, however large."
    return (
        f"On so many rows the test finds an L2 error of {found.error:.4f} or more with a probability of "
        f"{100 * found.power:.0f} %, at the level {found.alpha:g}."
    )
