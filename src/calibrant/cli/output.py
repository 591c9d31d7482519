"""What commands say: results on stdout, everything else on stderr, in characters that the stream knows."""

from __future__ import annotations

import json
import os
import sys
import warnings
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from io import TextIOWrapper
from pathlib import Path
from typing import Any, NoReturn, TextIO

from calibrant.errors import UnwritableFile
from calibrant.printable import printable, readable_json
from calibrant.refusals import reason

_PLAIN = str.maketrans(
    {
        "±": "+/-",
        "×": "x",
        "·": "*",
        "−": "-",
        "–": "-",
        "—": "-",
        "…": "...",
        "→": "->",
        "≤": "<=",
        "≥": ">=",
        "²": "^2",
        "‘": "'",
        "’": "'",
        "“": '"',
        "”": '"',
        "\u00a0": " ",
    }
)
"""What stands for the characters that messages use where the stream has only those of ASCII."""


def say(text: object) -> None:
    """Print a result, in which text of others moves no cursor."""
    _write(printable(str(text), kept="\n\u00a0"), sys.stdout)


def note(text: str) -> None:
    """Print what is not the result, or nothing where stderr cannot be written."""
    seen = printable(text, kept="\n\u00a0")
    # So that no name with a line end in it looks like a message of its own.
    with suppress(BrokenPipeError, UnwritableFile):
        _write(seen.replace("\n", "\n  "), sys.stderr)


def emit(result: dict[str, Any]) -> None:
    """Print one JSON object at full precision. A NaN in it is a defect, and raises."""
    emit_text(json.dumps(result, ensure_ascii=False, allow_nan=False))


def emit_text(text: str) -> None:
    """Print JSON that is text already."""
    _write(readable_json(text, only_ascii=not _knows(sys.stdout, text)), sys.stdout)


def prepare_streams() -> None:
    """Let help and bars, which others write, show as an escape what a stream has no character for.

    What is meant for a stream that was closed before the program began is lost.
    """
    sys.stdout = sys.stdout or _nowhere()
    sys.stderr = sys.stderr or _nowhere()
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, TextIOWrapper):
            stream.reconfigure(errors="backslashreplace")
    warnings.showwarning = _note_warning


def _note_warning(
    message: Warning | str, category: type[Warning], filename: str, *where: object, **more: object
) -> None:
    """Show a warning as people read it: who warns, without the place in the code."""
    parts = Path(filename).parts
    package = parts[parts.index("site-packages") + 1] if "site-packages" in parts[:-1] else "calibrant"
    note(f"{package.removesuffix('.py')}: {message}")


def _nowhere() -> TextIO:
    return Path(os.devnull).open("w", encoding="utf-8")  # until the program ends


def flush_results() -> None:
    """Write what is still held back for stdout.

    Raises
    ------
    BrokenPipeError
        Its reader has left.
    UnwritableFile
        It cannot be written for another reason, such as a full disk.
    """
    with _named(sys.stdout):
        sys.stdout.flush()


def leave(code: int, message: str | None = None) -> NoReturn:
    """End the program, with a message where somebody reads it and with nothing left to write."""
    if message is not None:
        note(message)
    for stream in (sys.stdout, sys.stderr):
        try:
            stream.flush()
        except OSError:
            # What it holds would be written once more when Python shuts down, and fail again.
            os.dup2(os.open(os.devnull, os.O_WRONLY), stream.fileno())
    sys.exit(code)


def _write(text: str, stream: TextIO) -> None:
    if not _knows(stream, text):
        encoding = _encoding(stream)
        text = text.translate(_PLAIN).encode(encoding, "backslashreplace").decode(encoding)
    with _named(stream):
        print(text, file=stream, flush=True)


@contextmanager
def _named(stream: TextIO) -> Iterator[None]:
    try:
        yield
    except BrokenPipeError:
        raise
    except OSError as error:
        name = "the results" if stream is sys.stdout else "messages"
        raise UnwritableFile(f"cannot write {name}: {reason(error)}.") from error


def _knows(stream: TextIO, text: str) -> bool:
    """Say whether the stream's encoding has all characters of the text."""
    try:
        text.encode(_encoding(stream))
    except UnicodeEncodeError:
        return False
    return True


def _encoding(stream: TextIO) -> str:
    return stream.encoding or "utf-8"
