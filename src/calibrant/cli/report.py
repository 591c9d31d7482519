"""`calibrant report`."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated, Literal, Optional

import typer

from calibrant.cli.options import CountsKey, InParts, Json, LabelKey, LogitsKey, listed
from calibrant.cli.output import emit_text, note, say
from calibrant.cli.report_files import check_output, write_report
from calibrant.cli.report_sources import Asked, read_report

Tests = Annotated[
    list[Path],
    typer.Argument(
        help="File of predictions, run folder, study folder or a report's own .json; several are compared.",
        metavar="TEST...",
        show_default=False,
    ),
]
Validation = Annotated[
    Optional[list[Path]],
    typer.Option(
        help="Rows to fit on; with several TEST once for all, or once for each in their order.",
        show_default=False,
    ),
]
CalibratorFile = Annotated[
    Optional[list[Path]],
    typer.Option(
        help="Calibrator of `calibrant fit` (.json) to show; given as often as --validation.",
        show_default=False,
    ),
]
MethodNames = Annotated[
    Optional[str],
    typer.Option(
        help="Methods to compare on validation rows: all, none, or names with commas; else the quick ones.",
        show_default=False,
    ),
]
Output = Annotated[
    Optional[Path],
    typer.Option("--output", "-o", help="Write here (.html, .md or .json).", show_default=False),
]
Scores = Annotated[
    Optional[Literal["logits", "probs"]],
    typer.Option(
        "--kind", "--scores", help="What the scores are, where their name does not say.", show_default=False
    ),
]


def register(app: typer.Typer) -> None:
    """Add the command."""

    @app.command()
    def report(
        test: Tests,
        validation: Validation = None,
        calibrator: CalibratorFile = None,
        methods: MethodNames = None,
        output: Output = None,
        title: Annotated[Optional[str], typer.Option(help="Of the report.", show_default=False)] = None,
        seed: Annotated[int, typer.Option(help="Of bootstraps and simulations.", min=0)] = 0,
        in_parts: InParts = False,
        json: Json = False,
        logits_key: LogitsKey = None,
        label_key: LabelKey = None,
        counts_key: CountsKey = None,
        kind: Scores = None,
    ) -> None:
        """Show calibration whole: the verdict, the evidence, and what to do about it.

        With validation rows a temperature is fitted there and shown on the test rows, beside other methods.
        Without -o the report is printed as text. In parts, what needs all rows at once is left out.

        Example: calibrant report test.npz --validation val.npz -o report.html
        """
        from calibrant.io import check_apart

        if output is not None:
            check_output(output)
            check_apart(output, *test, *(validation or ()), keys=(label_key, counts_key))
            check_apart(output, *(calibrator or ()), what="the calibrator is")
        asked = Asked(
            tests=tuple(test),
            validation=tuple(validation or ()),
            calibrators=tuple(calibrator or ()),
            methods=listed(methods),
            title=title,
            seed=seed,
            logits_key=logits_key,
            label_key=label_key,
            counts_key=counts_key,
            kind=kind,
            in_parts=in_parts,
        )
        found = read_report(asked)
        if output is not None:
            write_report(found, output)
        if json:
            from calibrant.report.model import to_json

            emit_text(to_json(found).rstrip("\n"))
        elif output is None:
            from calibrant.report.text import as_text

            say(as_text(found))
        if output is not None:
            note(f"wrote {output}")
