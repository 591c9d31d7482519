"""The table of what has been fuzzed is that of the log."""

from __future__ import annotations

from pathlib import Path

from tools.fuzz.summary import entries_of, totals

HERE = Path(__file__).parent
PAGE = HERE.parents[1] / "docs" / "fuzzing.md"


def test_the_page_has_the_table_of_the_log() -> None:
    found = totals(entries_of(HERE))
    lines = PAGE.read_text(encoding="utf-8").splitlines()
    of_targets = [line for line in lines if line.startswith("| `") and line.split("`")[1] in found]
    assert of_targets == [total.row(name) for name, total in found.items()]
