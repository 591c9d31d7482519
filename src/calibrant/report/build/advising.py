"""What to do after a report, as sentences with commands to paste into a shell."""

from __future__ import annotations

import shlex
from dataclasses import dataclass
from pathlib import PurePath

from calibrant.analysis import Difference
from calibrant.io.place import Place
from calibrant.predictions import AnyPredictions, Predictions, Table, TopLabelPredictions
from calibrant.report.build.measured import EvaluatedSides
from calibrant.report.build.origin import Origin
from calibrant.report.build.repaired import Repaired
from calibrant.report.confidence import is_chance, side_of
from calibrant.report.model import Advice, Finding
from calibrant.report.verdict import Better

_STORED = "calibrator.json"


@dataclass(frozen=True, slots=True)
class Situation:
    """What the advice depends on.

    Attributes
    ----------
    origin : Origin
        Files, as they were named.
    test : AnyPredictions or Table
        The rows.
    rows : EvaluatedSides
        The same, measured.
    repair : Repaired or None
        The calibrator.
    loss : Difference or None
        Log-loss after minus before.
    better : Better or None
        A method that beats the calibrator beyond chance.
    findings : tuple of Finding
        Of `doctor`.
    """

    origin: Origin
    test: AnyPredictions | Table
    rows: EvaluatedSides
    repair: Repaired | None
    loss: Difference | None
    better: Better | None
    findings: tuple[Finding, ...]


def advice(of: Situation) -> tuple[Advice, ...]:
    """Return what to do, the most important first."""
    wrong = [finding for finding in of.findings if finding.severity != "note"]
    return (*(_examine(of) if wrong else ()), *(_fit(of) if of.repair is None else _apply(of, of.repair)))


def _examine(of: Situation) -> tuple[Advice, ...]:
    fitted_on = [] if of.origin.validation is None else ["--fit", of.origin.validation]
    text = "Look first at what may be wrong with the rows: the findings say what to do about each."
    return (Advice(text=text, command=_command(of, "doctor", of.origin.test, *fitted_on)),)


def _fit(of: Situation) -> tuple[Advice, ...]:
    if side_of(came := of.rows.before.evaluation) == 0 and is_chance(came):
        text = "Nothing has to be repaired that these rows could show; more rows would show smaller errors."
        planned = _command(of, "plan", of.origin.test) if isinstance(of.test, Predictions) else None
        return (Advice(text=text, command=planned),)
    test, fits = of.origin.test, _method_option(of.test)
    if test is None:
        return (Advice(text="Fit a calibrator on validation rows, which the network was not trained on."),)
    validation = f"validation{PurePath(Place.of(test).name).suffix}"
    return (
        Advice(
            text="Fit a calibrator on validation rows, which the network was not trained on; put the name of "
            f"your file in place of {validation}.",
            command=_command(of, "fit", validation, *fits, "-o", _STORED),
        ),
        Advice(
            text="Then look at the report with it.",
            command=_command(of, "report", test, "--calibrator", _STORED),
        ),
    )


def _apply(of: Situation, repair: Repaired) -> tuple[Advice, ...]:
    if of.loss is not None and of.loss.low > 0:
        text = "Do not use this calibrator: fit one on validation rows of this network and of such data."
        validation = of.origin.validation
        choose = ["--method", "auto"] if isinstance(of.test, Predictions) else []
        return (Advice(text=text, command=_command(of, "fit", validation, *choose, "-o", _STORED)),)
    if of.origin.test is None:
        return ()
    steps = []
    if of.better is not None and of.origin.validation is not None and isinstance(of.test, Predictions):
        steps.append(
            Advice(
                text="Let cross-validation on the validation rows choose the method: a choice by the test "
                "rows would flatter it.",
                command=_command(of, "fit", of.origin.validation, "--method", "auto", "-o", _STORED),
            )
        )
    elif not repair.given:
        steps.append(
            Advice(
                text="Keep the calibrator in a file.",
                command=_command(of, "fit", of.origin.validation, *_method_option(of.test), "-o", _STORED),
            )
        )
    stored = of.origin.calibrator if repair.given else _STORED
    steps.append(
        Advice(
            text="Calibrate other predictions of the same network with it.",
            command=_command(of, "apply", stored, of.origin.test, "-o", _calibrated(of)),
        )
    )
    return tuple(steps)


def _method_option(test: AnyPredictions | Table) -> list[str]:
    return ["--method", "platt"] if isinstance(test, TopLabelPredictions) else []


def _calibrated(of: Situation) -> str:
    """Return where calibrated rows go; those of a folder of parts go into a folder."""
    place = Place.of(of.origin.test or "")
    return "calibrated" if of.origin.in_parts and place.is_folder else "calibrated.npz"


def _command(of: Situation, name: str, *words: str | None) -> str | None:
    """Return a command with the words quoted for a shell; None where a file has no name."""
    if any(word is None for word in words):
        return None
    options = [*of.origin.options, *(["--in-parts"] if of.origin.in_parts else [])]
    if name in ("doctor", "plan"):
        options = _without_counts(of.origin.options)
    return shlex.join(["calibrant", name, *(word for word in words if word is not None), *options])


def _without_counts(options: tuple[str, ...]) -> list[str]:
    """Return the options without that of counts, which some commands do not have."""
    pairs = zip(options[::2], options[1::2], strict=True)
    return [word for pair in pairs if pair[0] != "--counts-key" for word in pair]
