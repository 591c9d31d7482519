"""The sections on methods, classes, groups and decisions."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import TypeVar

from calibrant.printable import LONGEST_CELL, sentence, shown
from calibrant.report.model import ClassRow, Deferral, GroupRow, MethodRow, PredictionsReport
from calibrant.report.outline.blocks import Cells, Grid, Paragraph, Section
from calibrant.report.outline.numbers import between, chance, number, share, signed

Row = TypeVar("Row")

_THRESHOLDS = (0, 50, 60, 70, 80, 90, 95, 99)


def methods(report: PredictionsReport) -> Iterator[Section]:
    """Yield the comparison of methods, where there is one."""
    found = report.methods
    if found is None:
        return
    header = (
        "",
        "log-loss",
        "against temperature (95 %)",
        "Brier",
        "ECE",
        "class-wise",
        "accuracy",
        "numbers",
    )
    reasons: dict[str, list[str]] = {}
    for refused in found.refused:
        reasons.setdefault(refused.reason, []).append(refused.method)
    yield Section(
        "Methods",
        (
            Grid(
                header,
                tuple(map(_method, found.rows)),
                f"Each {found.procedure}; least log-loss first",
                spare=(7, 3),
            ),
            Paragraph(found.why),
            *(Paragraph(f"{', '.join(names)}: {sentence(reason)}") for reason, names in reasons.items()),
        ),
    )


def classes(report: PredictionsReport, most: int | None) -> Iterator[Section]:
    """Yield the table of classes, of the worst ones alone where there are more than `most`."""
    if not report.classes:
        return
    header: Cells = ("class", "rows", "frequency", "mean probability", "recall", "ECE")
    if report.method is not None:
        header = (*header[:-1], "ECE before", "after")
    cut = _cut(report.classes, most, lambda row: _class(row, report.method is not None))
    count = len(report.classes) if report.k is None else report.k
    yield Section("Classes, each against the rest", (Grid(header, cut), *_more(count, len(cut), "classes")))


def groups(report: PredictionsReport, most: int | None) -> Iterator[Section]:
    """Yield the table of subgroups, where there are any."""
    found = report.groups
    if found is None:
        return
    header = ("group", "rows", "share", found.metric, "95 % interval", "gap", "p-value", "")
    grid = Grid(header, _cut(found.rows, most, _group), f"{found.metric}, {found.when} calibration")
    yield Section(
        "Groups",
        (grid, *_more(len(found.rows), len(grid.rows), "groups"), Paragraph(found.conclusion)),
    )


def decisions(report: PredictionsReport) -> Iterator[Section]:
    """Yield what deferring comes to and, of two classes, what acting on the positive one does."""
    deferral = report.deferral
    header: Cells = ("decided at confidence", "rows decided", "accuracy of these")
    if deferral.after_coverage is not None:
        header = (*header, "after: rows decided", "accuracy of these")
    said = Paragraph(f"{_area(deferral)}Rows below the confidence are left to someone else.")
    yield Section(
        "Leaving the least sure rows to someone else", (Grid(header, tuple(_deferred(deferral))), said)
    )
    yield from _positive(report)


def _area(deferral: Deferral) -> str:
    if deferral.aurc_before is None:
        return ""
    area = f"Area under the risk-coverage curve: {number(deferral.aurc_before)}"
    return (
        f"{area}. "
        if deferral.aurc_after is None
        else (f"{area} before, {number(deferral.aurc_after)} after. ")
    )


def _positive(report: PredictionsReport) -> Iterator[Section]:
    found = report.positive
    if found is None:
        return
    columns = [found.before_false_positive, found.before_false_negative]
    header: Cells = ("acting at probability", "false positives", "false negatives")
    if found.after_false_positive is not None and found.after_false_negative is not None:
        columns += [found.after_false_positive, found.after_false_negative]
        header = (*header, "after: false positives", "false negatives")
    rows = tuple(
        (f"{found.threshold[at]:.2f}", *(share(column[at]) for column in columns))
        for at in range(10, 100, 10)
    )
    yield Section(f"Acting on {shown(found.class_name)}", (Grid(header, rows, "Shares of all rows"),))


def _method(row: MethodRow) -> Cells:
    against = (
        ""
        if row.difference is None or row.interval is None
        else (f"{signed(row.difference)} ({signed(row.interval.low)} to {signed(row.interval.high)})")
    )
    values = (row.brier, row.ece, row.classwise_ece, row.accuracy)
    return (row.method, number(row.nll), against, *(number(value) for value in values), f"{row.parameters:,}")


def _class(row: ClassRow, has_after: bool) -> Cells:
    cells = (
        shown(row.name, LONGEST_CELL),
        f"{row.n:,}",
        number(row.frequency),
        number(row.mean_probability),
        share(row.recall),
    )
    return (*cells, number(row.ece_before), *((number(row.ece_after),) if has_after else ()))


def _group(row: GroupRow) -> Cells:
    mark = "beyond chance" if row.beyond_chance else ""
    values = (share(row.share), number(row.value), between(row.interval), signed(row.confidence_gap))
    return (shown(row.name, LONGEST_CELL), f"{row.n:,}", *values, chance(row.p_value), mark)


def _deferred(found: Deferral) -> Iterator[Cells]:
    for at in _THRESHOLDS:
        cells = [f"{found.threshold[at]:.2f}", *_decided(found.before_coverage[at], found.before_errors[at])]
        if found.after_coverage is not None and found.after_errors is not None:
            cells += _decided(found.after_coverage[at], found.after_errors[at])
        yield tuple(cells)


def _decided(coverage: float, errors: float) -> tuple[str, str]:
    return share(coverage), share(1 - errors / coverage if coverage > 0 else None)


def _cut(rows: tuple[Row, ...], most: int | None, cells: Callable[[Row], Cells]) -> tuple[Cells, ...]:
    return tuple(map(cells, rows[:most]))


def _more(count: int, listed: int, what: str) -> tuple[Paragraph, ...]:
    if count <= listed:
        return ()
    return (Paragraph(f"{count - listed:,} more {what} are better than these."),)
