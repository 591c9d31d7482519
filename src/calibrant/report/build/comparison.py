"""`comparison_report`: the reports of several nets side by side, under one headline."""

from __future__ import annotations

from collections.abc import Sequence

from calibrant.errors import InvalidArgument
from calibrant.report.build.origin import package_versions
from calibrant.report.model import ComparisonReport, PredictionsReport, Provenance
from calibrant.report.points import points_with_interval

_BEFORE, _AFTER = "as they came", "after calibration"


def comparison_report(
    reports: Sequence[PredictionsReport], *, title: str | None = None, command: str = ""
) -> ComparisonReport:
    """Put reports side by side, in the order given.

    Parameters
    ----------
    reports : sequence of PredictionsReport
        Two or more.
    title : str, optional
        By default the titles of the reports.
    command : str
        That writes the report.

    Raises
    ------
    InvalidArgument
        Fewer than two reports.
    """
    if len(reports) < 2:
        raise InvalidArgument(f"a comparison needs two reports or more; got {len(reports)}.")
    files = tuple(facts for report in reports for facts in report.provenance.files)
    return ComparisonReport(
        title=title or _listed([report.title for report in reports]),
        headline=_headline(reports),
        members=tuple(reports),
        provenance=Provenance(
            command=command,
            files=tuple(dict.fromkeys(files)),
            seed=reports[0].provenance.seed,
            versions=package_versions(),
            notes=_notes(reports),
        ),
    )


def _headline(reports: Sequence[PredictionsReport]) -> str:
    best, worst = (pick(reports, key=_ece_before) for pick in (min, max))
    said = (
        f"Of {len(reports)} sets of probabilities {_BEFORE}, {best.title} has the least ECE, "
        f"{_ece_before(best):.4f} ({_gap(best)}), and {worst.title} the largest, {_ece_before(worst):.4f} "
        f"({_gap(worst)})."
    )
    calibrated = [(report, after) for report in reports if (after := _ece_after(report)) is not None]
    if len(calibrated) < len(reports):
        return said
    report, ece = min(calibrated, key=lambda pair: pair[1])
    return f"{said} The least {_AFTER} is that of {report.title}, {ece:.4f}."


def _gap(report: PredictionsReport) -> str:
    gap, interval = report.verdict.gap, report.verdict.interval
    if interval.low <= 0 <= interval.high:
        return f"mean confidence minus accuracy {points_with_interval(gap, interval)}"
    sign = 1 if gap > 0 else -1
    return f"{'over' if gap > 0 else 'under'}-confident by {points_with_interval(gap, interval, sign=sign)}"


def _ece_before(report: PredictionsReport) -> float:
    return report.panels[0].before.ece


def _ece_after(report: PredictionsReport) -> float | None:
    after = report.panels[0].after
    return None if after is None else after.ece


def _notes(reports: Sequence[PredictionsReport]) -> tuple[str, ...]:
    sizes = {(report.n, report.k) for report in reports}
    if len(sizes) == 1:
        return ()
    return (
        "The reports are of different numbers of rows or classes. A plug-in ECE is larger on fewer rows by "
        "chance alone, so compare each with what chance would show.",
    )


def _listed(names: Sequence[str]) -> str:
    return f"{', '.join(names[:-1])} and {names[-1]}"
