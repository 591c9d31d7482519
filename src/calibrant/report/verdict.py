"""The verdict of a report, in plain sentences: how honest the probabilities are, and what the repair did.

It words what was measured elsewhere, and measures nothing.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from calibrant.analysis import Difference, Evaluation
from calibrant.analysis.intervals import LEVEL
from calibrant.calibrators.temperature_fit import Bound
from calibrant.report.confidence import confidence_in_words, gap_interval, is_chance, side_of
from calibrant.report.model import Advice, Verdict
from calibrant.report.points import in_sentence, points_with_interval

_AT_A_BOUND: dict[Bound, str] = {
    "lower": (
        "Every fitting row is classified right, so the best temperature is not finite and the search "
        "stopped at its lower bound; fit on more rows before relying on it."
    ),
    "upper": (
        "On the fitting rows the scores are no better than chance, so the best temperature is not finite "
        "and the search stopped at its upper bound; do not rely on it."
    ),
    "constant": "All logits of every fitting row are equal, so no temperature can matter; it was left at 1.",
}
_OF_TEST_ROWS = "The calibrator was fitted on these very rows, so what follows flatters it."
_MOST, _PART, _LITTLE = 0.5, 0.9, 1.1


@dataclass(frozen=True, slots=True)
class Better:
    """A method whose log-loss on the same rows is lower beyond chance."""

    name: str
    difference: Difference


@dataclass(frozen=True, slots=True)
class Repair:
    """What a calibrator did to the rows.

    Attributes
    ----------
    name : str
        What the sentences call it, such as "Temperature 2.50".
    after : Evaluation
        Of the calibrated rows.
    loss : Difference or None
        Log-loss after minus before, paired; None where it is not known.
    bound : {"lower", "upper", "constant"} or None
        Where the search for a temperature stopped, if not at an optimum.
    of_test_rows : bool
        Whether it was fitted on the rows that it is judged on.
    better : Better or None
        The best of the methods that beat it.
    """

    name: str
    after: Evaluation
    loss: Difference | None = None
    bound: Bound | None = None
    of_test_rows: bool = False
    better: Better | None = None


def verdict(before: Evaluation, repair: Repair | None = None, *, advice: Sequence[Advice] = ()) -> Verdict:
    """Return what a reader should take away.

    Parameters
    ----------
    before : Evaluation
        Of the probabilities as they came.
    repair : Repair, optional
        What a calibrator did to them.
    advice : sequence of Advice
        What to do.

    Notes
    -----
    Probabilities count as over- or under-confident where the interval of mean confidence minus accuracy
    leaves 0 out, and as calibrated where it does not and their ECE is none that perfectly calibrated
    probabilities would exceed.
    """
    return Verdict(
        headline=_headline(before),
        repair="" if repair is None else " ".join(_of_repair(before, repair)),
        gap=before.confidence_gap,
        interval=gap_interval(before),
        advice=tuple(advice),
    )


def _headline(before: Evaluation) -> str:
    if side_of(before) != 0:
        return f"These probabilities are {confidence_in_words(before)}."
    gap = points_with_interval(before.confidence_gap, gap_interval(before))
    measured = f"mean confidence minus accuracy is {gap}"
    if is_chance(before):
        return (
            f"These probabilities are calibrated as far as these rows can show: {measured}, and their ECE of "
            f"{before.ece:.4f} is within chance."
        )
    return (
        f"These probabilities are as sure as they are right only on average: {measured}, but their ECE of "
        f"{before.ece:.4f} shows gaps that cancel out."
    )


def _of_repair(before: Evaluation, repair: Repair) -> list[str]:
    sentences = [_OF_TEST_ROWS] if repair.of_test_rows else []
    if repair.bound is not None:
        sentences.append(_AT_A_BOUND[repair.bound])
    sentences.extend([f"{repair.name} {_effect(before, repair)}", _error(before, repair.after)])
    if before.accuracy != repair.after.accuracy:
        accuracies = f"from {100 * before.accuracy:.2f} % to {100 * repair.after.accuracy:.2f} %"
        sentences.append(f"The accuracy moves {accuracies}.")
    if repair.better is not None:
        sentences.append(f"{repair.better.name} is better still: {_loss(repair.better.difference)}.")
    return sentences


def _effect(before: Evaluation, repair: Repair) -> str:
    after = repair.after
    now = f"the probabilities are then {confidence_in_words(after)}"
    if repair.loss is not None and repair.loss.low > 0:
        return f"makes it worse: {_loss(repair.loss)}, and {now}."
    was, then = side_of(before), side_of(after)
    if was == 0:
        return f"{'keeps' if then == 0 else 'tips'} the balance: {now}."
    if then == 0:
        rest = points_with_interval(after.confidence_gap, gap_interval(after))
        return f"repairs that as far as these rows can show: what remains is {rest}."
    if then != was:
        return f"overdoes it: {now}."
    share = abs(after.confidence_gap / before.confidence_gap)
    words = (
        "repairs most of it"
        if share < _MOST
        else "repairs part of it"
        if share < _PART
        else "changes little of it"
        if share <= _LITTLE
        else "makes the gap larger"
    )
    rest = points_with_interval(after.confidence_gap, gap_interval(after), sign=was)
    return f"{words}: {rest} remain."


def _loss(difference: Difference) -> str:
    sign = 1 if difference.mean >= 0 else -1
    ends = sorted((sign * difference.low, sign * difference.high))
    return (
        f"the log-loss is {'higher' if sign > 0 else 'lower'} by {sign * difference.mean:.4f} nats a row "
        f"({100 * LEVEL:.0f} % interval {in_sentence(ends[0], 4)} to {in_sentence(ends[1], 4)})"
    )


def _error(before: Evaluation, after: Evaluation) -> str:
    old, new = f"{before.ece:.4f}", f"{after.ece:.4f}"
    moves = "falls" if after.ece < before.ece else "rises"
    change = f"The ECE stays at {new}" if old == new else f"The ECE {moves} from {old} to {new}"
    expected = after.expected_if_calibrated.get("ece")
    if expected is None:
        return f"{change}."
    chance = f"the {expected.low:.4f} to {expected.high:.4f} that calibrated probabilities show by chance"
    if after.ece > expected.high:
        return f"{change}, {'still above' if before.ece > expected.high else 'above'} {chance}."
    return f"{change}, {'within' if after.ece >= expected.low else 'below'} {chance}."
