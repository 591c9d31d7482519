"""The program `calibrant`: its commands, and how errors become messages and exit codes.

Commands import the library when they run, so that `--help` answers at once.
"""

from __future__ import annotations

import sys
from typing import Annotated

import typer

from calibrant._version import __version__
from calibrant.cli import (
    apply,
    compare,
    conventions,
    convert,
    data,
    demo,
    doctor,
    environment,
    evaluate,
    export,
    fit,
    methods,
    plan,
    plot,
    predict,
    recipes,
    reliability,
    report,
    run,
    studies,
    study,
    subgroups,
    sweep,
    train,
)
from calibrant.cli.ending import end_in_order
from calibrant.cli.output import flush_results, leave, note, prepare_streams, say
from calibrant.errors import CalibrantError, InvalidArgument
from calibrant.refusals import FULL

_INTERRUPTED = 130

app = typer.Typer(
    name="calibrant",
    help="Make the probabilities of classifiers honest: measure, repair and report their calibration.",
    no_args_is_help=True,
    pretty_exceptions_enable=False,
    context_settings={"help_option_names": ["-h", "--help"]},
)
for command in (
    demo,
    recipes,
    run,
    data,
    train,
    predict,
    export,
    studies,
    study,
    evaluate,
    report,
    doctor,
    reliability,
    conventions,
    subgroups,
    methods,
    compare,
    plan,
    fit,
    apply,
    sweep,
    plot,
    convert,
    environment,
):
    command.register(app)


def _version(wanted: bool) -> None:
    if wanted:
        say(f"calibrant {__version__}")
        raise typer.Exit


@app.callback()
def _options(
    version: Annotated[
        bool,
        typer.Option(
            "--version",
            callback=_version,
            is_eager=True,
            help="Print the version and leave; `calibrant environment` prints all of them.",
        ),
    ] = False,
) -> None:
    """Make the probabilities of classifiers honest: measure, repair and report their calibration."""


def _check_words(words: list[str]) -> None:
    """Raise `InvalidArgument` for an empty argument, which as a path would be the folder one is in."""
    for before, word in zip(["calibrant", *words], words, strict=False):
        if not word and not before.startswith("-"):
            raise InvalidArgument(f"an argument after {before!r} is empty. Is a shell variable not set?")


def main() -> None:
    """Run the program. Bad input ends with its message on stderr and exit code 2, without a traceback."""
    prepare_streams()
    end_in_order()
    try:
        try:
            _check_words(sys.argv[1:])
            app()
        finally:
            # Here, because a reader that has left is an error nobody can catch once Python shuts down.
            flush_results()
    except CalibrantError as error:
        leave(2, f"calibrant: {error}")
    except SystemExit as end:
        if end.code == _INTERRUPTED:  # by a key: the library of commands ends without a word
            note("calibrant: interrupted")
        raise
    except KeyboardInterrupt:
        leave(_INTERRUPTED, "calibrant: interrupted")
    except BrokenPipeError:
        leave(1)
    except MemoryError as error:
        why = f" ({error})" if str(error) else ""
        leave(2, f"calibrant: there is not enough memory{why}. Rows can be read in parts: --in-parts.")
    except OSError as error:
        if error.errno not in FULL:
            raise
        place = error.filename or "the results"
        leave(2, f"calibrant: cannot write {place}: {FULL[error.errno]}.")
