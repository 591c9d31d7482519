"""What counts as a finding, and how the log becomes a table."""

from __future__ import annotations

import json
import warnings
from collections.abc import Callable
from pathlib import Path

import pytest

from calibrant.errors import UnreadableFile
from calibrant.io import read
from tools.fuzz.keep import reached
from tools.fuzz.kept import PACKAGE, Kept, signature
from tools.fuzz.summary import entries_of, totals
from tools.fuzz.verdict import Finding, attempt


def raising(error: Exception) -> None:
    raise error


def test_a_refusal_in_words_is_no_finding() -> None:
    assert attempt(lambda: raising(UnreadableFile("rows.npz is cut off. Copy it again."))) is None
    assert attempt(lambda: 3) == 3


@pytest.mark.parametrize(
    ("text", "why"),
    [
        (" ", "says nothing"),
        ("Traceback (most recent call last): x", "shows a traceback"),
        ("x" * 30_000, "has 30000 characters"),
    ],
)
def test_a_refusal_that_helps_nobody_is_a_finding(text: str, why: str) -> None:
    with pytest.raises(Finding, match=why):
        attempt(lambda: raising(UnreadableFile(text)))


def test_other_errors_and_warnings_are_findings() -> None:
    with pytest.raises(KeyError):
        attempt(lambda: raising(KeyError("logits")))
    with pytest.raises(Finding, match="warns the user: UserWarning: loudly"):
        attempt(lambda: warnings.warn("loudly", stacklevel=1))


def test_one_input_is_kept_of_each_kind_the_smallest(tmp_path: Path) -> None:
    kept = Kept(tmp_path)
    for content in (b"long", b"s", b"longer"):
        kept.add(content, KeyError("a"))
    kept.add(b"other", ValueError("b"))
    assert sorted(path.read_bytes() for path in tmp_path.glob("*.bin")) == [b"other", b"s"]
    assert signature(KeyError("a")) != signature(KeyError("b"))


def test_the_place_is_in_the_package_and_in_no_folder_of_its_name(tmp_path: Path) -> None:
    with pytest.raises(UnreadableFile) as raised:
        read(tmp_path / "absent.npz")
    own = signature(raised.value)
    elsewhere: dict[str, Callable[[Callable[[], object]], object]] = {}
    exec(compile("def call(other):\n    other()\n", "/home/calibrant/lib/a.py", "exec"), elsewhere)
    with pytest.raises(KeyError) as foreign:
        elsewhere["call"](lambda: raising(KeyError("a")))
    assert signature(foreign.value).startswith("KeyError-nowhere")
    assert "nowhere" not in own


def test_words_that_help_nobody_are_placed_where_they_are_said(tmp_path: Path) -> None:
    found = []
    for length in (30_000, 40_000):
        with pytest.raises(Finding) as raised:
            attempt(lambda length=length: read(tmp_path / f"{'x' * length}.npz"))
        found.append(signature(raised.value))
    assert found[0] == found[1]
    assert "nowhere" not in found[0]


def test_lines_reached_are_those_of_the_package(tmp_path: Path) -> None:
    def reads(content: bytes, folder: Path) -> None:
        (folder / "rows.csv").write_bytes(content)
        attempt(lambda: read(folder / "rows.csv"))

    files = {Path(name) for name, _ in reached(reads, b"no rows")}
    assert files
    assert all(file.is_relative_to(PACKAGE) for file in files)


def test_the_log_adds_up(tmp_path: Path) -> None:
    entry = {"target": "csv", "executions": 10, "cpu_seconds": 1800.0, "edges": 7, "new_findings": ["a"]}
    more = {"target": "csv", "executions": 5, "cpu_seconds": 1800.0, "edges": 9, "new_findings": ["a", "b"]}
    (tmp_path / "log.jsonl").write_text(json.dumps(entry) + "\n" + json.dumps(more) + "\n")
    (tmp_path / "npz").mkdir()
    (tmp_path / "npz" / "status.json").write_text(json.dumps({"executions": 3, "cpu_seconds": 36.0}))
    rows = {name: total.row(name) for name, total in totals(entries_of(tmp_path)).items()}
    assert rows == {
        "csv": "| `csv` | 1.000 | 15 | 9 | 0.0 | – | 2 |",
        "npz": "| `npz` | 0.010 | 3 | – | 0.0 | – | 0 |",
    }
