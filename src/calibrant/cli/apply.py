"""`calibrant apply`."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Literal

import typer

from calibrant.cli.in_parts import refuse_counts, table_with_bar
from calibrant.cli.options import (
    CountsKey,
    EngineName,
    InParts,
    Json,
    LabelKey,
    LogitsKey,
    PredictionsFile,
    Scheduler,
    ScoreKind,
    Threads,
    Workers,
)
from calibrant.cli.output import emit, note, say
from calibrant.cli.reading import read_either
from calibrant.cli.running import Running

if TYPE_CHECKING:
    from calibrant.analysis import BeforeAfter
    from calibrant.calibrators import Calibrator
    from calibrant.predictions import AnyPredictions


def register(app: typer.Typer) -> None:
    """Add the command."""

    @app.command()
    def apply(
        calibrator: Annotated[Path, typer.Argument(help="Calibrator file (.json).", show_default=False)],
        file: PredictionsFile,
        output: Annotated[
            Path, typer.Option("--output", "-o", help="Write the calibrated predictions here.")
        ],
        in_parts: InParts = False,
        json: Json = False,
        logits_key: LogitsKey = None,
        label_key: LabelKey = None,
        counts_key: CountsKey = None,
        kind: ScoreKind = None,
        engine: EngineName = "local",
        workers: Workers = None,
        threads: Threads = None,
        scheduler: Scheduler = None,
    ) -> None:
        """Apply a fitted calibrator to predictions, and show what it changes.

        Rows of the top label alone take a calibrator that was fitted on such rows; rows with counts of
        annotators take any.

        In parts, a file goes through portion by portion, and of a folder each part becomes a part of the
        same name in another folder. A run that was stopped goes on where it was when it is called again.

        Example: calibrant apply calibrator.json test.npz -o calibrated.npz
        """
        from calibrant.analysis import BeforeAfter, evaluate
        from calibrant.calibrators import load
        from calibrant.calibrators.calibrated import calibrate_top_label
        from calibrant.io import check_apart, write
        from calibrant.predictions import TopLabelPredictions

        check_apart(output, calibrator, what="the calibrator is")
        check_apart(output, file, keys=(label_key, counts_key))
        fitted = load(calibrator)
        running = Running(engine, workers, threads, scheduler)
        if in_parts or running.elsewhere:
            refuse_counts(counts_key)
            comparison, of_fit = _apply_in_parts(fitted, file, output, logits_key, label_key, kind, running)
            _tell(comparison, fitted, output, of_fit=of_fit, json=json)
            return
        predictions = read_either(file, logits_key, label_key, kind, counts_key)
        if isinstance(predictions, TopLabelPredictions):
            content_hash = predictions.as_binary().content_hash
            calibrated: AnyPredictions = calibrate_top_label(fitted, predictions)
        else:
            content_hash, calibrated = predictions.content_hash, fitted.transform(predictions)
        write(calibrated, output)
        comparison = BeforeAfter(
            *(evaluate(rows, engine=running.here()) for rows in (predictions, calibrated))
        )
        of_fit = fitted.fitted_on_ is not None and fitted.fitted_on_.content_hash == content_hash
        _tell(comparison, fitted, output, of_fit=of_fit, json=json)


def _apply_in_parts(
    fitted: Calibrator,
    file: Path,
    output: Path,
    logits_key: str | None,
    label_key: str | None,
    kind: Literal["logits", "probs"] | None,
    running: Running,
) -> tuple[BeforeAfter, bool]:
    """Write the calibrated rows, and return what that changed, and whether they are those of the fit."""
    from calibrant.analysis import before_after
    from calibrant.cli.reading_bar import ReadingBar
    from calibrant.io import apply

    with ReadingBar("rows written") as bar:
        done = apply(fitted, file, output, logits_key=logits_key, label_key=label_key, kind=kind, on_rows=bar)
    if done.skipped:
        note(f"{done.skipped:,} of {done.parts:,} parts were finished before")
    with table_with_bar(file, logits_key, label_key, kind, running) as table:
        comparison, fit = before_after(table, fitted), fitted.fitted_on_
        of_fit = (
            fit is not None
            and fit.n == done.n  # sparing others a look at all rows
            and fit.content_hash == table.facts().fingerprint.hexdigest()
        )
    return comparison, of_fit


def _tell(comparison: BeforeAfter, fitted: Calibrator, output: Path, *, of_fit: bool, json: bool) -> None:
    if of_fit:
        note("these are the rows the calibrator was fitted on: their scores flatter it")
    if json:
        emit({**comparison.to_json(), "schema": "calibrant.apply/1", "method": fitted.method})
    else:
        say(f"{fitted.describe()}\n\n{comparison}")
    note(f"wrote {output}")
