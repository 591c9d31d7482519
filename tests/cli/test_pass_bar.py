"""The bar of passes: rows, rows a second and time left, on a terminal, for work that takes its time."""

from __future__ import annotations

from io import StringIO
from pathlib import Path

import pytest
from rich.console import Console

from calibrant.analysis import evaluate
from calibrant.calibrators import TemperatureScaling
from calibrant.cli import bars, in_parts, late, pass_bar
from calibrant.cli.pass_bar import PassBar
from calibrant.cli.running import Running
from calibrant.io import write
from tests.drawn_predictions import overconfident


@pytest.fixture
def terminal(monkeypatch: pytest.MonkeyPatch) -> StringIO:
    """Return what a wide terminal shows."""
    shown = StringIO()

    def console(stderr: bool) -> Console:
        assert stderr
        return Console(file=shown, force_terminal=True, width=120, color_system=None)

    monkeypatch.setattr(bars, "Console", console)
    return shown


def test_it_says_pass_rows_rate_and_time_left(terminal: StringIO, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(late, "_PATIENCE", -1.0)
    with PassBar() as bar:
        bar.begin(4_000)
        for _ in range(4):
            bar(1_000)
        bar.begin(3_000)
        for _ in range(2):
            bar(1_000)
        bar._progress.refresh()
    text = terminal.getvalue()
    assert "pass 2" in text
    assert "2,000 of 3,000 rows" in text
    assert "rows/s" in text
    assert ":--:--" in text


def test_quick_work_shows_nothing(terminal: StringIO) -> None:
    with PassBar() as bar:
        bar.begin(10)
        bar(10)
    assert terminal.getvalue() == ""


def test_where_nobody_looks_nothing_is_written(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(late, "_PATIENCE", -1.0)
    with PassBar() as bar:
        bar.begin(10)
        bar(10)
    assert capsys.readouterr() == ("", "")


def test_a_table_of_a_file_counts_all_rows_of_every_pass(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    events: list[tuple[str, int]] = []

    class Noting(PassBar):
        def begin(self, rows: int) -> None:
            events.append(("begin", rows))

        def __call__(self, rows: int) -> None:
            events.append(("done", rows))

    monkeypatch.setattr(pass_bar, "PassBar", Noting)
    monkeypatch.setattr("calibrant.io.format._MOST_BYTES", 1)
    write(overconfident(20_000, 2), tmp_path / "rows.npy")
    with in_parts.table_with_bar(tmp_path / "rows.npy", None, None, None, Running()) as table:
        assert len(table.parts) == 5
        TemperatureScaling().fit(table)
        evaluate(table)
    begun = [rows for what, rows in events if what == "begin"]
    done = [rows for what, rows in events if what == "done"]
    assert begun.count(20_000) >= 5
    assert sum(done) == sum(begun)
    assert set(done) == {4_096, 20_000 - 4 * 4_096}
