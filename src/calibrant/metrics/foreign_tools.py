"""The tools whose ECE is known here: how each cuts, what it measures, and why its number is another one.

The behaviour is that of the version beside each, measured with the tool itself; see `docs/conventions.md`.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from calibrant.errors import InvalidArgument
from calibrant.metrics import foreign_bins as cuts
from calibrant.metrics.convention import Notion, Scheme
from calibrant.metrics.foreign_bins import Cut
from calibrant.nearest import nearest

_BOTH: tuple[Notion, ...] = ("top-label", "one-class")


@dataclass(frozen=True, slots=True)
class Tool:
    """A tool that computes an ECE, and the choices it makes.

    Attributes
    ----------
    name : str
        Its name here.
    function : str
        What is called.
    version : str
        The version measured.
    bins : int or None
        Its default number of bins; None where the caller must say.
    scheme : {"equal-width", "equal-mass"}
        How it cuts.
    edges : str
        Which end of a bin belongs to it.
    why : str
        Why its value differs from calibrant's, in a few words.
    cut : callable
        Its bins.
    counts : callable, optional
        Other bins, whose counts weigh the gaps of the first.
    notions : tuple of str
        Whose probability it can measure.
    two_classes : {"top-label", "one-class"}
        Which of them it measures by itself when there are two classes.
    single : tuple of str
        Notions whose probabilities it rounds to float32.
    sums : {"exact", "row by row"}
        Whether it adds up a bin's probabilities one by one in their own float type, which loses digits.
    """

    name: str
    function: str
    version: str
    bins: int | None
    scheme: Scheme
    edges: str
    why: str
    cut: Cut
    counts: Cut | None = None
    notions: tuple[Notion, ...] = _BOTH
    two_classes: Notion = "top-label"
    single: tuple[Notion, ...] = ()
    sums: Literal["exact", "row by row"] = "exact"


TOOLS: dict[str, Tool] = {
    tool.name: tool
    for tool in (
        Tool(
            name="guo",
            function="temperature_scaling.py: _ECELoss",
            version="126a509",
            bins=15,
            scheme="equal-width",
            edges="(lo, hi] at torch.linspace in float32, open at 0",
            why="bins (lo, hi] as here, but the edges are rounded to float32",
            cut=cuts.single_precision_open_at_zero,
            notions=("top-label",),
        ),
        Tool(
            name="torchmetrics",
            function="MulticlassCalibrationError, BinaryCalibrationError",
            version="1.9.0",
            bins=15,
            scheme="equal-width",
            edges="[lo, hi) at torch.linspace, 1 in a bin of its own",
            why="a row on an edge goes up, p = 1 into an extra bin; float32 sums",
            cut=cuts.lower_closed_beside_one,
            single=("top-label",),
            sums="row by row",
        ),
        Tool(
            name="netcal",
            function="netcal.metrics.ECE",
            version="1.4.0",
            bins=10,
            scheme="equal-width",
            edges="[lo, hi) at numpy.linspace, the last closed at 1",
            why="a row on an edge goes up; of two classes always the positive one",
            cut=cuts.rounded_lower_closed,
            counts=cuts.linspace_lower_closed,
            two_classes="one-class",
        ),
        Tool(
            name="uncertainty-calibration",
            function="calibration.get_ece",
            version="0.1.4",
            bins=15,
            scheme="equal-width",
            edges="(lo, hi], first closed at 0, at j/m",
            why="the same bins; only the rounding of the probabilities differs",
            cut=cuts.exact_upper_closed,
        ),
        Tool(
            name="uncertainty-calibration-em",
            function="calibration.get_ece_em",
            version="0.1.4",
            bins=15,
            scheme="equal-mass",
            edges="(lo, hi] halfway between neighbours, equal edges merged",
            why="as many rows in each bin, not equal widths; cut halfway between rows",
            cut=cuts.halfway_between_ranks,
        ),
        Tool(
            name="tensorflow-probability",
            function="tfp.stats.expected_calibration_error",
            version="0.25.0",
            bins=None,
            scheme="equal-width",
            edges="[lo, hi) at the whole part of m p in float32, the last closed at 1",
            why="a row on an edge goes up; float32 only; asks for the number of bins",
            cut=cuts.whole_part_of_product,
            notions=("top-label",),
            single=("top-label",),
        ),
        Tool(
            name="mapie",
            function="mapie.metrics.calibration.expected_calibration_error",
            version="1.6.0",
            bins=50,
            scheme="equal-width",
            edges="(lo, hi] at numpy.linspace with m edges, 0 in a bin of its own",
            why="m bins mean m - 1, as one is kept for rows of p = 0",
            cut=cuts.one_bin_fewer,
        ),
        Tool(
            name="calzone",
            function="calzone.metrics.calculate_ece_mce",
            version="0.1.0",
            bins=10,
            scheme="equal-width",
            edges="(lo, hi] at numpy.linspace, rows at 0 left out",
            why="rows of p = 0 are left out altogether; edges of linspace",
            cut=cuts.linspace_open_at_zero,
            sums="row by row",
        ),
        Tool(
            name="relplot",
            function="relplot.metrics.binnedECE",
            version="1.0.3",
            bins=10,
            scheme="equal-width",
            edges="[lo, hi) at the whole part of p / (1/m), 1 in a bin of its own",
            why="a row on an edge goes up, or down by rounding; p = 1 often apart",
            cut=cuts.whole_part_of_quotient,
        ),
        Tool(
            name="scikit-learn",
            function="sklearn.calibration.calibration_curve, uniform, weighted by rows",
            version="1.9.1",
            bins=5,
            scheme="equal-width",
            edges="(lo, hi], first closed at 0, at numpy.linspace",
            why="bins (lo, hi] as here, but some edges of linspace lie above j/m",
            cut=cuts.linspace_upper_closed,
            two_classes="one-class",
        ),
        Tool(
            name="scikit-learn-quantile",
            function="sklearn.calibration.calibration_curve, quantile, weighted by rows",
            version="1.9.1",
            bins=5,
            scheme="equal-mass",
            edges="(lo, hi] at interpolated percentiles",
            why="as many rows in each bin, not equal widths; cut at percentiles",
            cut=cuts.percentiles,
            two_classes="one-class",
        ),
        Tool(
            name="numpy",
            function="numpy.histogram with edges of numpy.linspace",
            version="2.4.6",
            bins=10,
            scheme="equal-width",
            edges="[lo, hi) at numpy.linspace, the last closed at 1",
            why="what NumPy code written by hand usually does: a row on an edge goes up",
            cut=cuts.linspace_lower_closed,
        ),
    )
}


def tool_named(name: str) -> Tool:
    """Return a tool, or raise `InvalidArgument` with the nearest name, or all that there are."""
    if name not in TOOLS:
        raise InvalidArgument(f"there is no tool {name!r}.{nearest(name.lower(), ('calibrant', *TOOLS))}")
    return TOOLS[name]
