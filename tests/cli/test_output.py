"""Streams: every character can be written to every one, JSON stays JSON, and a full one ends in words."""

from __future__ import annotations

import errno
import io
import json
import sys
import warnings
from pathlib import Path
from typing import Any

import pytest

from calibrant.cli.output import emit, emit_text, flush_results, leave, note, prepare_streams, say
from calibrant.errors import UnwritableFile

WORDS = "T = 2 ± 1 − 3 × 4 → p ≤ 0.05 … “R²”\u00a0%"


class Full(io.RawIOBase):
    """A disk without room, or a pipe whose reader has left."""

    def __init__(self, code: int = errno.ENOSPC) -> None:
        super().__init__()
        self._code = code

    def writable(self) -> bool:
        return True

    def write(self, _: Any) -> int:
        raise OSError(self._code, "no room")


def stream(encoding: str, monkeypatch: pytest.MonkeyPatch, name: str = "stdout") -> io.BytesIO:
    """Put a stream of this encoding in the place of stdout or stderr, and return its bytes."""
    written = io.BytesIO()
    monkeypatch.setattr(sys, name, io.TextIOWrapper(written, encoding=encoding, newline=""))
    return written


@pytest.mark.parametrize(
    ("encoding", "shown"),
    [
        ("utf-8", WORDS),
        ("ascii", 'T = 2 +/- 1 - 3 x 4 -> p <= 0.05 ... "R^2" %'),
        ("iso8859-9", 'T = 2 +/- 1 - 3 x 4 -> p <= 0.05 ... "R^2" %'),
    ],
)
def test_words_stay_words(encoding: str, shown: str, monkeypatch: pytest.MonkeyPatch) -> None:
    written = stream(encoding, monkeypatch)
    say(WORDS)
    assert written.getvalue().decode(encoding) == f"{shown}\n"


def test_names_move_no_cursor_and_are_never_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    for encoding in ("utf-8", "ascii", "cp1252"):
        written = stream(encoding, monkeypatch)
        say("\x1b[2J猫\u202e\ud800\rx\nnext")
        text = written.getvalue().decode(encoding)
        assert text.replace("猫", r"\u732b") == "\\x1b[2J\\u732b\\u202e\\ud800\\rx\nnext\n"


def test_a_second_line_of_a_message_does_not_look_like_a_message(monkeypatch: pytest.MonkeyPatch) -> None:
    written = stream("utf-8", monkeypatch, "stderr")
    note("cannot read x\ncalibrant: all is well")
    assert written.getvalue() == b"cannot read x\n  calibrant: all is well\n"


@pytest.mark.parametrize("encoding", ["utf-8", "ascii", "latin-1"])
def test_json_says_the_same_on_every_stream(encoding: str, monkeypatch: pytest.MonkeyPatch) -> None:
    value = {"name": "\x1b猫±…é\x85\u202e\U000e0001"}
    written = stream(encoding, monkeypatch)
    emit(value)
    emit_text(json.dumps(value, ensure_ascii=False))
    lines = written.getvalue().decode(encoding).split("\n")
    assert [json.loads(line) for line in lines[:2]] == [value, value]
    assert all(line.isprintable() for line in lines)


def test_what_others_write_is_never_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    written = stream("ascii", monkeypatch)
    prepare_streams()
    print("╭ é")
    sys.stdout.flush()
    assert written.getvalue() == b"\\u256d \\xe9\n"


def test_a_closed_stream_takes_what_is_meant_for_it(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys, "stdout", None)
    monkeypatch.setattr(sys, "stderr", None)
    prepare_streams()
    with sys.stdout, sys.stderr:
        say("a result")
        note("a note")
        flush_results()


def test_a_full_stream_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys, "stdout", io.TextIOWrapper(io.BufferedWriter(Full())))
    with pytest.raises(UnwritableFile, match=r"^cannot write the results: the disk is full\."):
        say("a result")
    with pytest.raises(UnwritableFile, match=r"^cannot write the results: the disk is full\."):
        flush_results()
    monkeypatch.undo()


def test_a_reader_that_left_is_told_apart(monkeypatch: pytest.MonkeyPatch) -> None:
    stream = io.TextIOWrapper(io.BufferedWriter(Full(errno.EPIPE)))
    monkeypatch.setattr(sys, "stdout", stream)
    with pytest.raises(BrokenPipeError):
        say("a result")
    monkeypatch.undo()
    with pytest.raises(BrokenPipeError):  # what it still holds, before it is collected
        stream.close()


def test_a_note_that_nobody_can_read_is_no_failure(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys, "stderr", io.TextIOWrapper(io.BufferedWriter(Full())))
    note("wrote it")
    monkeypatch.undo()


def test_leaving_says_why(capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit) as left:
        leave(2, "calibrant: no.")
    assert left.value.code == 2
    assert capsys.readouterr().err == "calibrant: no.\n"


@pytest.mark.parametrize(
    ("place", "named"),
    [
        (Path("lib", "site-packages", "calibrant", "io", "files.py"), "calibrant"),
        (Path("lib", "site-packages", "pyarrow", "table.py"), "pyarrow"),
        (Path("lib", "site-packages", "six.py"), "six"),
        (Path("src", "calibrant", "io", "files.py"), "calibrant"),
    ],
)
def test_a_warning_names_the_package_that_warns(
    place: Path, named: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    written = stream("utf-8", monkeypatch, "stderr")
    monkeypatch.setattr(warnings, "showwarning", warnings.showwarning)
    prepare_streams()
    warnings.showwarning("this is slow", RuntimeWarning, str(place), 7)
    assert written.getvalue().decode() == f"{named}: this is slow\n"
