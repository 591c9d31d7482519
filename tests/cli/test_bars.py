"""Bars show the words they are given: names in them are no markup."""

from __future__ import annotations

from collections.abc import Callable
from io import StringIO

import pytest
from rich.console import Console
from rich.progress import Progress

from calibrant.cli.bars import bars, counter, passes, step
from calibrant.cli.study_progress import StudyBars

HOSTILE = "[bold]x[/bold] [/] [link=https://evil.example]"


def shown(progress: Progress) -> str:
    written = StringIO()
    Console(file=written, width=300).print(progress.get_renderable())
    return written.getvalue()


@pytest.mark.parametrize("make", [bars, counter, passes, step])
def test_a_description_is_no_markup(make: Callable[[], Progress]) -> None:
    progress = make()
    progress.add_task(HOSTILE, total=10, state=HOSTILE, count=1)
    assert shown(progress).count(HOSTILE) == (2 if make is bars else 1)


def test_a_run_that_failed_moves_no_cursor(capsys: pytest.CaptureFixture[str]) -> None:
    progress = StudyBars()
    progress.on_plan(["a"])
    progress.on_begin("a\x1b[2J")
    progress.on_end("a\x1b[2J", "[red]why\u202e")
    said = capsys.readouterr().err
    assert r"a\x1b[2J failed: [red]why\u202e" in said
    assert "\x1b" not in said
