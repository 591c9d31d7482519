"""`outline`: any report as sections, in the order in which a reader asks."""

from __future__ import annotations

from dataclasses import replace

from calibrant.report.model import (
    AnyReport,
    ComparisonReport,
    PredictionsReport,
    StudyReport,
    StudyRow,
    Verdict,
)
from calibrant.report.outline.blocks import Block, Cells, Command, Grid, Paragraph, Section
from calibrant.report.outline.facts import findings, listings, provenance, run_sections
from calibrant.report.outline.numbers import number
from calibrant.report.outline.parts import classes, decisions, groups, methods
from calibrant.report.outline.probabilities import diagrams, metrics, temperatures, tests


def outline(report: AnyReport, *, most: int | None = None) -> tuple[Section, ...]:
    """Return the sections of a report.

    Parameters
    ----------
    report : PredictionsReport, ComparisonReport or StudyReport
        What is to be read.
    most : int, optional
        Rows of the tables of classes and groups, the worst first; all by default.
    """
    if isinstance(report, ComparisonReport):
        return _comparison(report, most)
    return _study(report) if isinstance(report, StudyReport) else _predictions(report, most)


def _predictions(report: PredictionsReport, most: int | None) -> tuple[Section, ...]:
    return (
        Section(report.title, (*_verdict(report.verdict), Paragraph(_about(report))), depth=1),
        metrics(report),
        diagrams(report),
        temperatures(report),
        tests(report),
        *methods(report),
        *classes(report, most),
        *groups(report, most),
        *decisions(report),
        *run_sections(report.run),
        *findings(report.findings),
        provenance(report.provenance),
    )


def _comparison(report: ComparisonReport, most: int | None) -> tuple[Section, ...]:
    header = ("", "rows", "gap", "ECE", "log-loss", "accuracy", "after: gap", "ECE", "log-loss")
    first = Section(
        report.title,
        (Paragraph(report.headline), Grid(header, tuple(map(_member, report.members)))),
        depth=1,
    )
    members = [
        replace(section, depth=section.depth + 1)
        for member in report.members
        for section in _predictions(member, most)
    ]
    return (first, *members, provenance(report.provenance))


def _study(report: StudyReport) -> tuple[Section, ...]:
    rows = tuple(_study_row(row, report) for row in report.rows)
    grid = Grid((*report.names, "seeds", *report.columns), rows)
    about = f"Scale: {report.scale}. Source: {report.source}"
    blocks: list[Block] = [Paragraph(report.headline), Paragraph(report.description), Paragraph(about), grid]
    blocks.extend(Paragraph(f"Figure: {figure.caption} {figure.alt}") for figure in report.figures)
    further = tuple(listings(report.listings))
    return (
        Section(report.title, tuple(blocks), depth=1),
        *((Section("Further tables", further),) if further else ()),
        provenance(report.provenance),
    )


def _verdict(verdict: Verdict) -> tuple[Block, ...]:
    blocks: list[Block] = [Paragraph(f"{verdict.headline} {verdict.repair}".rstrip())]
    for advice in verdict.advice:
        blocks.append(Paragraph(advice.text))
        if advice.command is not None:
            blocks.append(Command(advice.command))
    return tuple(blocks)


def _about(report: PredictionsReport) -> str:
    known = "the top label alone" if report.k is None else f"{report.k:,} classes"
    calibrator = "" if report.calibrator is None else f" After: {report.calibrator}."
    return f"{report.n:,} test rows, {known}.{calibrator}"


def _member(report: PredictionsReport) -> Cells:
    found = {metric.name: metric for metric in report.metrics}
    before = {name: metric.before.value for name, metric in found.items()}
    after = {name: metric.after.value for name, metric in found.items() if metric.after is not None}
    return (
        report.title,
        f"{report.n:,}",
        *(number(before.get(name)) for name in ("confidence_gap", "ece", "nll", "accuracy")),
        *(number(after.get(name)) for name in ("confidence_gap", "ece", "nll")),
    )


def _study_row(row: StudyRow, report: StudyReport) -> Cells:
    cells = []
    for mean, spread, decimals in zip(row.means, row.spreads, report.decimals, strict=True):
        around = "" if spread is None else f" ± {spread:.{decimals}f}"
        cells.append("" if mean is None else f"{mean:.{decimals}f}{around}")
    return (*row.name, str(row.seeds), *cells)
