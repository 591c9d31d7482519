"""The report of one file of predictions, with what is done shown where it takes longer than two seconds."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

from calibrant.cli.in_parts import refuse_counts, tables_with_bar
from calibrant.cli.reading import read_either
from calibrant.cli.running import Running

if TYPE_CHECKING:
    from calibrant.cli.report_sources import Asked
    from calibrant.predictions import AnyPredictions
    from calibrant.report.model import PredictionsReport


def report_of_predictions(asked: Asked, title: str) -> PredictionsReport:
    """Read the files, and return the report."""
    from calibrant.calibrators import load
    from calibrant.cli.steps import Steps
    from calibrant.io.place import Place
    from calibrant.report.build import Origin, predictions_report

    (test,) = asked.tests
    validation, calibrator = (next(iter(paths), None) for paths in (asked.validation, asked.calibrators))
    about: dict[str, Any] = {
        "calibrator": None if calibrator is None else load(calibrator),
        "title": title,
        "methods": _methods(asked.methods),
        "seed": asked.seed,
        "origin": Origin(
            test=str(Place.of(test)),
            validation=None if validation is None else str(Place.of(validation)),
            calibrator=None if calibrator is None else str(calibrator),
            options=asked.options,
            in_parts=asked.in_parts,
            command=asked.command(),
        ),
    }
    if asked.in_parts:
        return _of_parts(asked, test, validation, about)
    with Steps() as steps:
        steps("reading")
        fitting = None if validation is None else _read(validation, asked)
        return predictions_report(_read(test, asked), validation=fitting, progress=steps, **about)


def _of_parts(asked: Asked, test: Path, validation: Path | None, about: dict[str, Any]) -> PredictionsReport:
    from calibrant.report.build import table_report

    refuse_counts(asked.counts_key)
    paths = (test,) if validation is None else (test, validation)
    reading = (asked.logits_key, asked.label_key, asked.kind)
    with tables_with_bar(paths, *reading, Running()) as (rows, *others):
        return table_report(rows, validation=next(iter(others), None), **about)


def _read(path: Path, asked: Asked) -> AnyPredictions:
    return read_either(path, asked.logits_key, asked.label_key, asked.kind, asked.counts_key)


def _methods(names: tuple[str, ...] | None) -> tuple[str, ...] | None:
    """Return the methods that the words all and none stand for, and others as they are."""
    from calibrant.calibrators import CALIBRATORS

    if names == ("all",):
        return tuple(CALIBRATORS)
    return () if names == ("none",) else names
