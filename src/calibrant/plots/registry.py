"""The figures that predictions give, by name; one entry is one choice of `calibrant plot --kind`.

How each is computed stands in `builders`, how it is drawn in the file of its name.
"""

from __future__ import annotations

from calibrant.plots.builders.of_bins import (
    build_before_after,
    build_class_wise,
    build_consistency,
    build_histogram,
    build_reliability,
)
from calibrant.plots.builders.of_curves import (
    build_corp,
    build_cost,
    build_cumulative,
    build_decomposition,
    build_risk_coverage,
    build_smooth_reliability,
    build_sweep,
)
from calibrant.plots.builders.of_names import build_conventions, build_methods, build_subgroups
from calibrant.plots.kind import Kind
from calibrant.plots.options import PlotOptions

__all__ = ["KINDS", "PlotOptions", "build_reliability"]

_BINS = ("bins", "scheme", "class_index")
_AFTER = ("calibrator", "validation")

_ALL = (
    Kind(
        "reliability",
        "accuracy against confidence in bins, over their histogram",
        build_reliability,
        _BINS,
        in_parts=True,
    ),
    Kind("histogram", "share of the rows in each bin of confidence", build_histogram, _BINS, in_parts=True),
    Kind(
        "sweep",
        "ECE and log-loss against the temperature",
        build_sweep,
        ("temperatures", *_AFTER),
        in_parts=True,
    ),
    Kind(
        "before-after",
        "the reliability curve before and after a calibrator",
        build_before_after,
        (*_BINS, *_AFTER, "temperatures"),
        in_parts=True,
    ),
    Kind(
        "consistency",
        "reliability over the band in which calibrated points would lie",
        build_consistency,
        _BINS,
    ),
    Kind(
        "class-wise",
        "small reliability diagrams of the six classes with the largest ECE",
        build_class_wise,
        ("bins", "scheme"),
        wide=True,
    ),
    Kind(
        "smooth-reliability",
        "reliability smoothed by a Gaussian, with the density of the rows",
        build_smooth_reliability,
        ("class_index",),
    ),
    Kind("corp", "reliability by isotonic regression, without bins", build_corp, ("class_index",)),
    Kind(
        "cumulative",
        "cumulative accuracy minus confidence, with Kuiper's test",
        build_cumulative,
        ("class_index",),
    ),
    Kind(
        "decomposition",
        "the Brier score in miscalibration, discrimination and uncertainty",
        build_decomposition,
        ("class_index", *_AFTER),
    ),
    Kind(
        "risk-coverage",
        "error rate among the most confident rows, before and after",
        build_risk_coverage,
        _AFTER,
    ),
    Kind(
        "cost",
        "expected cost of decisions by a threshold, before and after",
        build_cost,
        ("class_index", *_AFTER),
    ),
    Kind("subgroups", "a metric by group of rows, with intervals", build_subgroups, ("by", "metric")),
    Kind(
        "methods",
        "log-loss of every calibrator against temperature scaling, with intervals",
        build_methods,
        ("validation", "methods"),
    ),
    Kind(
        "conventions",
        "the ECE of the rows as other tools compute it",
        build_conventions,
        ("bins", "class_index"),
    ),
)

KINDS: dict[str, Kind] = {kind.name: kind for kind in _ALL}
"""Each takes predictions, its options and, by keyword, what runs the sums; a table has its own."""
