"""`calibrant plot`."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any, Literal, Optional

import typer

from calibrant.cli.in_parts import refuse_counts, tables_with_bar
from calibrant.cli.options import (
    Bins,
    ClassName,
    CountsKey,
    EngineName,
    InParts,
    Json,
    LabelKey,
    LogitsKey,
    PredictionsFile,
    Scheduler,
    Scheme,
    Threads,
    Workers,
    listed,
)
from calibrant.cli.output import emit, note, say
from calibrant.cli.reading import class_index, parse_temperatures, read_either
from calibrant.cli.running import Running
from calibrant.errors import InvalidArgument
from calibrant.nearest import nearest

if TYPE_CHECKING:
    from calibrant.calibrators import Calibrator
    from calibrant.plots import Kind
    from calibrant.predictions import AnyPredictions, Table

_DOTS_PER_INCH = 300


def _tell_kinds(wanted: bool) -> None:
    if wanted:
        from calibrant.analysis.table import plain_table
        from calibrant.plots.registry import KINDS

        lines = [[kind.name, kind.summary, "yes" if kind.in_parts else "no"] for kind in KINDS.values()]
        say(plain_table(["kind", "what it shows", "in parts"], lines, words=3))
        raise typer.Exit


def register(app: typer.Typer) -> None:
    """Add the command."""

    @app.command()
    def plot(
        file: PredictionsFile,
        output: Annotated[Path, typer.Option("--output", "-o", help="Write here (.png, .svg or .pdf).")],
        kind: Annotated[str, typer.Option(help="Which figure; --kinds lists them.")] = "reliability",
        kinds: Annotated[
            bool, typer.Option("--kinds", callback=_tell_kinds, is_eager=True, help="List them and leave.")
        ] = False,
        width: Annotated[
            Optional[str],
            typer.Option(
                help="column (3.3 inches), text (6.9) or a number of inches; by default as the kind needs.",
                show_default=False,
            ),
        ] = None,
        calibrator: Annotated[
            Optional[Path],
            typer.Option(help="Calibrator (.json) whose effect is drawn.", show_default=False),
        ] = None,
        validation: Annotated[
            Optional[Path],
            typer.Option(
                help="Rows to fit on: a temperature, or of the kind methods every method.", show_default=False
            ),
        ] = None,
        class_name: ClassName = None,
        bins: Bins = 15,
        scheme: Scheme = "equal-width",
        temperatures: Annotated[
            Optional[str],
            typer.Option(
                help="Of sweep and before-after: temperatures, separated by commas.", show_default=False
            ),
        ] = None,
        by: Annotated[
            Literal["groups", "class", "predicted"],
            typer.Option(help="Of subgroups: the file's groups, the true classes or the predicted ones."),
        ] = "groups",
        metric: Annotated[str, typer.Option(help="Of subgroups: name of the metric.")] = "confidence_gap",
        methods: Annotated[
            Optional[str],
            typer.Option(help="Of methods: names, separated by commas; else all.", show_default=False),
        ] = None,
        in_parts: InParts = False,
        json: Json = False,
        logits_key: LogitsKey = None,
        label_key: LabelKey = None,
        counts_key: CountsKey = None,
        scores: Annotated[
            Optional[Literal["logits", "probs"]],
            typer.Option(help="What the scores are, where their name does not say.", show_default=False),
        ] = None,
        engine: EngineName = "local",
        workers: Workers = None,
        threads: Threads = None,
        scheduler: Scheduler = None,
    ) -> None:
        """Draw a figure of a file of predictions, as wide as a column of a paper or its whole text.

        Example: calibrant plot test.npz --kind before-after --validation val.npz -o figure.pdf
        """
        from calibrant.io import check_apart
        from calibrant.plots.page import parse_width
        from calibrant.plots.registry import PlotOptions
        from calibrant.plots.save import save

        check_apart(output, file, validation, keys=(label_key, counts_key))
        check_apart(output, calibrator, what="the calibrator is")
        chosen = _kind(kind)
        fitted = None if calibrator is None else _load(calibrator)
        extra = {} if temperatures is None else {"temperatures": tuple(parse_temperatures(temperatures))}
        inches = chosen.usual_width if width is None else parse_width(width)
        running, reading = Running(engine, workers, threads, scheduler), (logits_key, label_key, scores)

        def drawn(rows: AnyPredictions | Table, fitting: AnyPredictions | Table | None) -> Any:
            options = PlotOptions(
                bins,
                scheme,
                class_index(rows, class_name),
                calibrator=fitted,
                validation=fitting,
                by=by,
                metric=metric,
                methods=listed(methods),
                width=inches,
                **extra,
            )
            return chosen(rows, options, engine=running.here())

        paths = [file] if validation is None else [file, validation]
        if in_parts or running.elsewhere:
            refuse_counts(counts_key)
            with tables_with_bar(paths, *reading, running) as tables:
                figure = drawn(tables[0], tables[1] if validation is not None else None)
        else:
            whole = [read_either(path, *reading, counts_key) for path in paths]
            _tell_rows_of_fit(fitted, whole[0])
            figure = drawn(whole[0], whole[1] if validation is not None else None)
        save(figure, output, dots_per_inch=_DOTS_PER_INCH)
        if json:
            emit({"schema": "calibrant.plot/1", "kind": kind, "output": str(output)})
        note(f"wrote {output}")


def _kind(name: str) -> Kind:
    from calibrant.plots.registry import KINDS

    if name not in KINDS:
        raise InvalidArgument(f"there is no figure {name!r}.{nearest(name, KINDS)}")
    return KINDS[name]


def _load(path: Path) -> Calibrator:
    from calibrant.calibrators import load

    return load(path)


def _tell_rows_of_fit(fitted: Calibrator | None, rows: AnyPredictions) -> None:
    from calibrant.predictions import TopLabelPredictions

    if fitted is None or fitted.fitted_on_ is None:
        return
    seen = rows.as_binary() if isinstance(rows, TopLabelPredictions) else rows
    if fitted.fitted_on_.content_hash == seen.content_hash:
        note("these are the rows the calibrator was fitted on: the figure flatters it")
