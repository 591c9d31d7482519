"""On which side of the truth probabilities are, by the gap between mean confidence and accuracy, in words."""

from __future__ import annotations

from calibrant.analysis import Evaluation
from calibrant.analysis.intervals import LEVEL
from calibrant.report.model import Interval
from calibrant.report.points import points_with_interval


def gap_interval(evaluation: Evaluation) -> Interval:
    """Return the interval of mean confidence minus accuracy; of one row, all that is possible."""
    found = evaluation.intervals.get("confidence_gap")
    if found is None:
        return Interval(low=-1.0, high=1.0, level=LEVEL)
    return Interval(low=found.low, high=found.high, level=found.level)


def side_of(evaluation: Evaluation) -> int:
    """Return 1 for over-confident probabilities, -1 for under-confident ones, 0 where chance may be all."""
    interval = gap_interval(evaluation)
    return 1 if interval.low > 0 else -1 if interval.high < 0 else 0


def confidence_in_words(evaluation: Evaluation) -> str:
    """Return "over-confident by 4.4 points (95 % interval 4.0 to 4.8)", or what else the gap shows."""
    side, interval = side_of(evaluation), gap_interval(evaluation)
    if side == 0:
        gap = points_with_interval(evaluation.confidence_gap, interval)
        return f"neither over- nor under-confident beyond chance, with a gap of {gap}"
    size = points_with_interval(evaluation.confidence_gap, interval, sign=side)
    return f"{'over' if side > 0 else 'under'}-confident by {size}"


def is_chance(evaluation: Evaluation) -> bool:
    """Return whether the ECE is none that perfectly calibrated probabilities would exceed."""
    expected = evaluation.expected_if_calibrated.get("ece")
    return expected is None or evaluation.ece <= expected.high
