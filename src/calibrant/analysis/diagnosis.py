"""What `doctor` returns: its findings, and how they read as text and as JSON."""

from __future__ import annotations

import textwrap
from collections import Counter
from dataclasses import dataclass
from typing import Any

from calibrant.analysis.checks import Finding, Severity
from calibrant.analysis.checks.finding import SEVERITIES
from calibrant.html_blocks import Block, Grid, as_html

SCHEMA = "calibrant.doctor/1"

_WIDTH = 100
_INDENT = 9


@dataclass(frozen=True)
class Diagnosis:
    """What the checks found.

    Attributes
    ----------
    n, k : int or None
        Rows and classes of the file; None where its scores are no table of numbers. k is None of the top
        label alone.
    fit_n, fit_k : int or None
        The same of the fitting file; None also where there is none.
    findings : tuple of Finding
        The worst first.
    made : tuple of str
        Names of the checks that were made.
    left_out : dict of str to str
        Checks that could not be made, and why.
    """

    n: int | None
    k: int | None
    fit_n: int | None
    fit_k: int | None
    findings: tuple[Finding, ...]
    made: tuple[str, ...]
    left_out: dict[str, str]

    @property
    def worst(self) -> Severity | None:
        """The severity of the worst finding."""
        return self.findings[0].severity if self.findings else None

    def count(self, severity: Severity) -> int:
        """Return how many findings are of a severity."""
        return sum(finding.severity == severity for finding in self.findings)

    def to_json(self) -> dict[str, Any]:
        """Return the documented JSON form."""
        return {
            "schema": SCHEMA,
            "n": self.n,
            "k": self.k,
            "fit_n": self.fit_n,
            "fit_k": self.fit_k,
            "counts": {severity: self.count(severity) for severity in SEVERITIES},
            "findings": [finding.to_json() for finding in self.findings],
            "made": list(self.made),
            "left_out": self.left_out,
        }

    def _repr_html_(self) -> str:
        blocks: list[Block] = []
        if self.findings:
            cells = [_as_cells(finding) for finding in self.findings]
            blocks.append(Grid(["", "", ""], cells, words=3))
        for reason, number in Counter(self.left_out.values()).items():
            blocks.append(f"{_plural(number, 'check')} not made: {reason}")
        return as_html([*blocks, self._verdict()])

    def __str__(self) -> str:
        blocks = [_as_text(finding) for finding in self.findings]
        for reason, number in Counter(self.left_out.values()).items():
            blocks.append(_wrapped(f"{_plural(number, 'check')} not made: {reason}", 0))
        return "\n\n".join([*blocks, self._verdict()])

    def _verdict(self) -> str:
        made = f"{_plural(len(self.made), 'check')} made"
        if not self.findings:
            return f"nothing found: {made}."
        counts = ", ".join(_plural(self.count(severity), severity) for severity in SEVERITIES)
        return f"{counts}; {made}."


def _as_text(finding: Finding) -> str:
    first = f"{finding.severity:<{_INDENT}}{_name(finding)}: {finding.what}"
    lines = [_wrapped(first, _INDENT)]
    lines += [_wrapped(sentence, _INDENT, _INDENT) for sentence in _more(finding)]
    return "\n".join(lines)


def _as_cells(finding: Finding) -> list[str]:
    return [finding.severity, f"{_name(finding)}:", " ".join([finding.what, *_more(finding)])]


def _name(finding: Finding) -> str:
    return finding.name + ("" if finding.of == "file" else " (fitting file)")


def _more(finding: Finding) -> list[str]:
    """Return the sentences after the first: which rows, and what to do."""
    if finding.rows is None:
        return [finding.advice]
    example = "" if finding.example is None else f", such as row {finding.example:,}"
    return [f"{_plural(finding.rows, 'row')}{example}.", finding.advice]


def _wrapped(text: str, indent: int, first: int = 0) -> str:
    return textwrap.fill(
        text,
        _WIDTH,
        initial_indent=" " * first,
        subsequent_indent=" " * indent,
        break_on_hyphens=False,
    )


def _plural(count: int, noun: str) -> str:
    return f"{count:,} {noun}{'' if count == 1 else 's'}"
