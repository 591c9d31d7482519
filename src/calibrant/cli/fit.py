"""`calibrant fit`."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

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
from calibrant.errors import InvalidArgument

if TYPE_CHECKING:
    from calibrant.analysis import BeforeAfter
    from calibrant.analysis.choose import Choice
    from calibrant.calibrators import Calibrator


def register(app: typer.Typer) -> None:
    """Add the command."""

    @app.command()
    def fit(
        validation: PredictionsFile,
        output: Annotated[Path, typer.Option("--output", "-o", help="Write the calibrator here (.json).")],
        method: Annotated[str, typer.Option(help="Name of the calibrator; `auto` chooses.")] = "temperature",
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
        """Fit a calibrator on validation predictions, rows the network was not trained on.

        On rows that have only the confidence of the top label, methods for one probability fit how often
        that label is right. On rows with counts of annotators, methods whose loss is one sum over rows
        minimise the loss expected of one annotator a row. In parts, all methods but those that
        cross-validate give what they give on the whole file; the others say that they need it whole.

        Example: calibrant fit val.npz -o calibrator.json
        """
        from rich.console import Console

        from calibrant.analysis import BeforeAfter, before_after, choose, evaluate
        from calibrant.calibrators import calibrator
        from calibrant.calibrators.calibrated import calibrate_top_label
        from calibrant.calibrators.of_top_label import check_one_dimensional
        from calibrant.io import check_apart
        from calibrant.predictions import Predictions, TopLabelPredictions

        check_apart(output, validation, keys=(label_key, counts_key))
        if output.suffix.lower() != ".json":
            raise InvalidArgument(f"a calibrator is written as .json; got {output}.")
        chosen, choice = calibrator(method), None
        running = Running(engine, workers, threads, scheduler)
        if in_parts or running.elsewhere:
            refuse_counts(counts_key)
            with table_with_bar(validation, logits_key, label_key, kind, running) as table:
                chosen.fit(table)
                chosen.save(output)
                _tell(before_after(table, chosen), method, chosen, None, json=json)
            note(f"wrote {output}")
            return
        here = running.here()
        predictions = read_either(validation, logits_key, label_key, kind, counts_key)
        if isinstance(predictions, TopLabelPredictions):
            check_one_dimensional(method)
        with Console(stderr=True).status(f"fitting {method}"):
            if isinstance(predictions, TopLabelPredictions):
                chosen.fit(predictions.as_binary(), engine=here)
            elif method == "auto" and isinstance(predictions, Predictions):
                choice = choose(predictions, engine=here)
                chosen = choice.calibrator
            else:
                chosen.fit(predictions, engine=here)
        chosen.save(output)
        if isinstance(predictions, TopLabelPredictions):
            calibrated = calibrate_top_label(chosen, predictions)
            comparison = BeforeAfter(evaluate(predictions, engine=here), evaluate(calibrated, engine=here))
        else:
            comparison = before_after(predictions, chosen, engine=here)
        _tell(comparison, method, chosen, choice, json=json)
        note(f"wrote {output}")


def _tell(
    comparison: BeforeAfter, method: str, chosen: Calibrator, choice: Choice | None, *, json: bool
) -> None:
    if json:
        learned = {"schema": "calibrant.fit/1", "method": method, "parameters": chosen.parameters()}
        explained = {} if choice is None else {"choice": choice.to_json()}
        emit({**comparison.to_json(), **learned, **explained})
    else:
        explanation = chosen.describe() if choice is None else choice
        say(f"{explanation}\n\nOn the rows of the fit (test rows tell the truth):\n{comparison}")
