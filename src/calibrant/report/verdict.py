"""The verdict on a run, in plain sentences: how honest its probabilities were, and what the repair did."""

from __future__ import annotations

from dataclasses import dataclass

from calibrant.analysis import Evaluation
from calibrant.analysis.intervals import quantile
from calibrant.calibrators.temperature_fit import TemperatureFit
from calibrant.plots.numbers import with_error

_AT_A_BOUND = {
    "lower": (
        "Every validation row is classified right, so the best temperature is not finite and the search "
        "stopped at its lower bound, {t}; fit on more validation rows before relying on it."
    ),
    "upper": (
        "On the validation rows the scores are no better than chance, so the best temperature is not finite "
        "and the search stopped at its upper bound, {t}; do not rely on it."
    ),
    "constant": (
        "All logits of every validation row are equal, so no temperature can matter and it was left at {t}."
    ),
}


@dataclass(frozen=True, slots=True)
class Verdict:
    """The state of the probabilities as they came, and the repair, one or two sentences each."""

    headline: str
    repair: str

    def __str__(self) -> str:
        return f"{self.headline} {self.repair}"


def verdict(before: Evaluation, after: Evaluation, fit: TemperatureFit) -> Verdict:
    """Return what a reader should take away.

    Parameters
    ----------
    before, after : Evaluation
        Of the same test rows, without and with the temperature.
    fit : TemperatureFit
        The temperature, fitted on validation rows.

    Notes
    -----
    A net counts as over- or under-confident where its mean confidence lies outside the interval of its
    accuracy, and as calibrated where its ECE is none that perfectly calibrated probabilities would exceed.
    """
    return Verdict(
        _headline(before), f"{_temperature(fit)} {_effect(before, after)} {_accuracy(before, after)}"
    )


def _headline(before: Evaluation) -> str:
    sure, right = before.mean_confidence, before.accuracy
    means = f"on {before.n:,} test rows it is {sure:.1%} sure on average and right {right:.1%} of the time"
    interval = before.intervals["accuracy"]
    points = 100 * abs(sure - right)
    if sure > interval.high:
        return f"The network is over-confident by {points:.1f} points: {means}."
    if sure < interval.low:
        return f"The network is under-confident by {points:.1f} points: {means}."
    if before.ece <= before.expected_if_calibrated["ece"].high:
        return f"The network is calibrated as far as these rows can show: {means}."
    return (
        f"The network is as sure as it is right only on average: {means}, "
        f"but its ECE of {before.ece:.4f} shows gaps that cancel out."
    )


def _temperature(fit: TemperatureFit) -> str:
    t = f"T = {with_error(fit.temperature, fit.stderr)}"
    if fit.bound is not None:
        return _AT_A_BOUND[fit.bound].format(t=t)
    if fit.stderr is not None and abs(fit.temperature - 1) <= quantile(0.95) * fit.stderr:
        return f"The temperature fitted on validation rows, {t}, cannot be told from 1 and changes little."
    effect = "softens" if fit.temperature > 1 else "sharpens"
    return f"Dividing its logits by {t}, fitted on validation rows, {effect} its probabilities."


def _effect(before: Evaluation, after: Evaluation) -> str:
    old, new = f"{before.ece:.4f}", f"{after.ece:.4f}"
    if old == new:
        change = f"The ECE stays at {new}"
    else:
        change = f"The ECE {'falls' if after.ece < before.ece else 'rises'} from {old} to {new}"
    floor = after.expected_if_calibrated["ece"]
    expected = (
        f"the {floor.low:.4f} to {floor.high:.4f} of perfectly calibrated probabilities on as many rows"
    )
    if after.ece > floor.high:
        return f"{change}, still above {expected}: one temperature does not repair all of it."
    return (
        f"{change}, {'within' if after.ece >= floor.low else 'below'} {expected}: it is at the noise floor."
    )


def _accuracy(before: Evaluation, after: Evaluation) -> str:
    if before.accuracy == after.accuracy:
        return f"The accuracy stays {after.accuracy:.1%}."
    return f"The accuracy moves from {before.accuracy:.2%} to {after.accuracy:.2%}."
