"""`doctor`: what is wrong with a file of predictions, why, and what to do about it.

It works on unchecked predictions, changes nothing and refuses nothing.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from functools import partial

from calibrant.analysis.checks import (
    CHECKS,
    FITTING_CHECKS,
    OF_ALL_SCORES,
    OF_CLASSES,
    PAIR_CHECKS,
    ROW_CHECKS,
    TOP_LABEL_CHECKS,
    TOP_LABEL_ROW_CHECKS,
    Finding,
    Sample,
    Subject,
    TopLabelSubject,
)
from calibrant.analysis.checks.finding import SEVERITIES, Owner
from calibrant.analysis.diagnosis import Diagnosis
from calibrant.predictions import RawPredictions, RawTopLabel

Raw = RawPredictions | RawTopLabel
AnySubject = Subject | TopLabelSubject

_OWNERS: dict[Owner, str] = {"file": "the file", "fit": "the fitting file"}


def doctor(raw: Raw, fit: Raw | None = None) -> Diagnosis:
    """Examine predictions as they were read, without refusing any.

    Parameters
    ----------
    raw : RawPredictions or RawTopLabel
        The rows to examine, such as those a calibrator is scored on.
    fit : RawPredictions or RawTopLabel, optional
        The rows it is fitted on; they are examined too, and compared with the others.

    Notes
    -----
    Findings that chance could explain need p < 0.0001 each, so that all tests of a file together are
    nominally wrong about one sound file in a thousand, and are warnings only beyond an effect size. Checks
    that need sound rows are made on those, where at least half of the rows are sound. Of the top label alone
    fewer checks can be made; the others are listed as left out.

    Examples
    --------
    >>> rows = RawPredictions([[2.0, 0.0], [0.5, 1.0], [3.0, 0.0]], "logits", [1, 2, 1])
    >>> diagnosis = doctor(rows)
    >>> diagnosis.worst, diagnosis.findings[0].name
    ('error', 'label_range')
    """
    subject = _subject(raw)
    if fit is None:
        fitting, rounds = None, [_examine(subject, "file", fitted_on=True)]
    else:
        fitting = _subject(fit)
        rounds = [
            _examine(subject, "file", fitted_on=False),
            _examine(fitting, "fit", fitted_on=True),
            _compare(subject, fitting),
        ]
    n, k = subject.shape
    fit_n, fit_k = (None, None) if fitting is None else fitting.shape
    findings = [finding for done in rounds for finding in done.findings]
    return Diagnosis(
        n=n,
        k=k,
        fit_n=fit_n,
        fit_k=fit_k,
        findings=tuple(sorted(findings, key=lambda finding: SEVERITIES.index(finding.severity))),
        made=tuple(name for done in rounds for name in done.made),
        left_out={name: reason for done in rounds for name, reason in done.left_out.items()},
    )


@dataclass(frozen=True, slots=True)
class _Round:
    """What one round of checks found, made and left out."""

    findings: list[Finding] = field(default_factory=list)
    made: list[str] = field(default_factory=list)
    left_out: dict[str, str] = field(default_factory=dict)

    def run(self, name: str, check: Callable[[], Finding | None], owner: Owner = "file") -> None:
        """Make a check and keep what it finds."""
        found = check()
        self.made.append(name)
        if found is not None:
            self.findings.append(replace(found, of=owner))


def _subject(raw: Raw) -> AnySubject:
    return TopLabelSubject(raw) if isinstance(raw, RawTopLabel) else Subject(raw)


def _examine(subject: AnySubject, owner: Owner, *, fitted_on: bool) -> _Round:
    prefix = "" if owner == "file" else "fit: "
    done = _Round()
    for name, made in _form_checks(subject):
        done.run(prefix + name, made, owner)
    for name, check in _row_checks(subject, fitted_on=fitted_on).items():
        sample = subject.sample
        if sample is None:
            reason = f"{_OWNERS[owner]} lacks sound rows to measure (half of all at least)."
            done.left_out[prefix + name] = reason
        elif name in OF_CLASSES and sample.labels is None:
            reason = f"{_OWNERS[owner]} says which rows are right, but not their predicted and true classes."
            done.left_out[prefix + name] = reason
        else:
            done.run(prefix + name, partial(check, sample), owner)
    if isinstance(subject, TopLabelSubject):
        reason = f"{_OWNERS[owner]} has the top label's confidence, not the scores of all classes."
        done.left_out.update({prefix + name: reason for name in OF_ALL_SCORES})
    else:
        subject.forget_facts()
    return done


def _form_checks(subject: AnySubject) -> Iterator[tuple[str, Callable[[], Finding | None]]]:
    if isinstance(subject, TopLabelSubject):
        for name, check in TOP_LABEL_CHECKS.items():
            yield name, partial(check, subject)
    else:
        for name, full_check in CHECKS.items():
            yield name, partial(full_check, subject)


def _row_checks(subject: AnySubject, *, fitted_on: bool) -> Mapping[str, Callable[[Sample], Finding | None]]:
    if isinstance(subject, TopLabelSubject):
        return TOP_LABEL_ROW_CHECKS
    return ROW_CHECKS | FITTING_CHECKS if fitted_on else ROW_CHECKS


def _compare(scored: AnySubject, fitted: AnySubject) -> _Round:
    if type(scored) is not type(fitted):
        reason = (
            "one file has the scores of all classes and the other the top label alone, so that nothing "
            "fitted on one applies to the other."
        )
        return _Round(left_out=dict.fromkeys(PAIR_CHECKS, reason))
    here, there = scored.sample, fitted.sample
    if here is None or there is None:
        reason = "comparing needs sound rows in both files."
        return _Round(left_out=dict.fromkeys(PAIR_CHECKS, reason))
    done = _Round()
    for name, check in PAIR_CHECKS.items():
        if name in OF_CLASSES and (here.labels is None or there.labels is None):
            done.left_out[name] = "comparing classes needs predicted and true classes in both files."
        else:
            done.run(name, partial(check, here, there))
    return done
