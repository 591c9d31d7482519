"""What `calibrant report` is given, made into one report: predictions, stored reports, runs and studies."""

from __future__ import annotations

import shlex
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Literal

from calibrant.errors import InvalidArgument

if TYPE_CHECKING:
    from calibrant.report.model import AnyReport, PredictionsReport

_READING = {
    "logits_key": "--logits-key",
    "label_key": "--label-key",
    "counts_key": "--counts-key",
    "kind": "--kind",
}

_OF_A_RUN = ("recipe.toml", "metrics.jsonl", "checkpoint.pt")
"""Files by which the folder of a run is known, be it finished or not."""


@dataclass(frozen=True, slots=True)
class Asked:
    """The words of the user."""

    tests: tuple[Path, ...]
    validation: tuple[Path, ...]
    calibrators: tuple[Path, ...]
    methods: tuple[str, ...] | None
    title: str | None
    seed: int
    logits_key: str | None
    label_key: str | None
    counts_key: str | None
    kind: Literal["logits", "probs"] | None
    in_parts: bool

    @property
    def options(self) -> tuple[str, ...]:
        """How files are read, as words of a command."""
        named = ((word, getattr(self, name)) for name, word in _READING.items())
        return tuple(part for word, value in named if value is not None for part in (word, value))

    def command(self, tests: tuple[Path, ...] | None = None) -> str:
        """Return the command that gives these numbers; where it writes them plays no part."""
        words = ["calibrant", "report", *(str(path) for path in tests or self.tests)]
        for option, paths in (("--validation", self.validation), ("--calibrator", self.calibrators)):
            words += [part for path in paths for part in (option, str(path))]
        if self.methods is not None:
            words += ["--methods", ",".join(self.methods)]
        if self.title is not None:
            words += ["--title", self.title]
        words += [*self.options, *(("--in-parts",) if self.in_parts else ())]
        words += [*(("--seed", str(self.seed)) if self.seed else ())]
        return shlex.join(words)

    def of(self, place: int) -> Asked:
        """Return what is asked about one of several."""
        return Asked(
            (self.tests[place],),
            _one(self.validation, place, self.tests, "--validation"),
            _one(self.calibrators, place, self.tests, "--calibrator"),
            self.methods,
            None,
            self.seed,
            self.logits_key,
            self.label_key,
            self.counts_key,
            self.kind,
            self.in_parts,
        )


def read_report(asked: Asked) -> AnyReport:
    """Return the report of what is named; of several, their comparison.

    Raises
    ------
    InvalidArgument
        Options that do not belong to what is named, or something that cannot be compared.
    """
    if len(asked.tests) == 1:
        return _single(asked, asked.title or _name(asked.tests[0]))
    from calibrant.report.build import comparison_report

    members = [
        _member(_single(asked.of(place), title), asked.tests[place])
        for place, title in enumerate(_titles(asked.tests))
    ]
    return comparison_report(members, title=asked.title, command=asked.command())


def _single(asked: Asked, title: str) -> AnyReport:
    (path,) = asked.tests
    found = _finished(path)
    if found is None:
        from calibrant.cli.report_predictions import report_of_predictions

        return report_of_predictions(asked, title)
    for option, given in (
        ("--validation", asked.validation),
        ("--calibrator", asked.calibrators),
        ("--methods", asked.methods),
        ("--title", asked.title),
        ("--in-parts", asked.in_parts),
        ("--seed", asked.seed),
    ):
        if given:
            raise InvalidArgument(
                f"{option} belongs to files of predictions; {path} has its own. Leave it out."
            )
    return found


def _finished(path: Path) -> AnyReport | None:
    """Return the report of a run or several, of a study or of a stored report; None for predictions."""
    from calibrant.plain import check_plain

    check_plain(path, folders=True)
    if path.suffix.lower() == ".json" and not path.is_dir():
        return _stored(path)
    if any((path / name).exists() for name in _OF_A_RUN):
        from calibrant.recipes.report_of_run import run_report

        return run_report(path)
    if next(path.glob("seed-*"), None) is not None:
        from calibrant.recipes.report_of_run import seeds_report

        return seeds_report(path)
    if (path / "study.json").exists():
        from calibrant.studies.report_of_study import study_report

        return study_report(path)
    return None


def _stored(path: Path) -> AnyReport:
    from calibrant.plain import read_text
    from calibrant.report.model import from_json

    return from_json(read_text(path), source=str(path))


def _member(report: AnyReport, path: Path) -> PredictionsReport:
    if report.kind != "predictions":
        raise InvalidArgument(
            f"{path} is a {report.kind}, which cannot stand beside others: report on it alone."
        )
    return report


def _one(paths: tuple[Path, ...], place: int, tests: tuple[Path, ...], option: str) -> tuple[Path, ...]:
    if len(paths) not in (0, 1, len(tests)):
        raise InvalidArgument(
            f"{option} is given once for all {len(tests)} TEST, or once for each; got {len(paths)}."
        )
    return paths if len(paths) <= 1 else (paths[place],)


def _name(path: Path) -> str:
    return path.stem or path.name or str(path)


def _titles(paths: tuple[Path, ...]) -> list[str]:
    """Return a name for each: that of the file, or where files are called alike that of the folder."""
    for names in ([_name(path) for path in paths], [path.absolute().parent.name for path in paths]):
        if len(set(names)) == len(paths):
            return names
    return [str(path) for path in paths]
