"""Reliability diagrams of a report: the bins, their intervals, and where calibration would put them."""

from __future__ import annotations

from calibrant.analysis import ConsistencyBand, ReliabilityTable, consistency_band, reliability
from calibrant.printable import shown
from calibrant.report.build.measured import BeforeAfter, Measured
from calibrant.report.model import Bin, Diagram, Panel


def panels(rows: BeforeAfter, *, seed: int) -> tuple[Panel, ...]:
    """Return the view of the top label, and of two classes also that of the positive one."""
    views: list[tuple[str, int | None]] = [("Top label", None)]
    source = rows.before.rows
    if rows.before.has_all_classes and source.predictions.k == 2:
        views.append((f"Class {shown(source.predictions.class_name(1))}", 1))
    return tuple(
        Panel(
            title=title,
            class_index=index,
            before=_diagram_of(rows.before, index, seed),
            after=None if rows.after is None else _diagram_of(rows.after, index, seed),
        )
        for title, index in views
    )


def diagram(table: ReliabilityTable, band: ConsistencyBand | None = None) -> Diagram:
    """Return a table of bins as the report has it, with the band where there is one."""
    low, high = _band_ends(band, len(table.n))
    bins = zip(table.records(), table.weight.tolist(), low, high, strict=True)
    return Diagram(
        ece=table.ece,
        mce=table.mce,
        mean_confidence=table.mean_confidence,
        accuracy=table.mean_accuracy,
        level=table.level,
        outside=None if band is None else band.outside,
        convention=str(table.convention),
        bins=tuple(
            Bin(**record, weight=weight, band_low=band_low, band_high=band_high)
            for record, weight, band_low, band_high in bins
        ),
    )


def _diagram_of(side: Measured, class_index: int | None, seed: int) -> Diagram:
    if not side.has_one_label:
        return diagram(reliability(side.rows, class_index=class_index))
    band = consistency_band(side.rows, class_index=class_index, seed=seed)
    return diagram(band.table, band)


def _band_ends(band: ConsistencyBand | None, bins: int) -> tuple[list[float | None], list[float | None]]:
    if band is None:
        return [None] * bins, [None] * bins
    ends = band.to_json()
    return ends["low"], ends["high"]
