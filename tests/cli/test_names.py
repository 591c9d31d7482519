"""Names that others chose, in every command: none acts in a terminal or a document, and JSON keeps them."""

from __future__ import annotations

import json
from pathlib import Path

import numpy as np
import pytest

from calibrant.io import write
from calibrant.predictions import Predictions
from tests.cli.conftest import Program
from tests.cli.program import check_schema
from tests.drawn_predictions import overconfident_logits

NAMES = (
    "\x1b[31mred\x1b[0m",
    "two\nlines\t\r\x00\x07",
    "</script><b onload=x>",
    "|`*_$x$\\frac{",
    "\u202eevil\u2066",
    "L" * 100_000,
    "",
    "猫犬",
    "[bold]x[/bold]",
    "labels",
)
COMMANDS = (
    ("evaluate",),
    ("doctor",),
    ("reliability", "--class", NAMES[0]),
    ("subgroups",),
    ("subgroups", "--by", "class"),
    ("report",),
    ("compare", "--methods", "temperature,histogram"),
)


@pytest.fixture(scope="module")
def named(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Rows whose classes and groups have such names, and one class without rows."""
    logits, labels = overconfident_logits(300, len(NAMES))
    labels = np.where(labels == 1, 0, labels)
    groups = np.array([*NAMES[:5], "short"])[labels % 6]
    path = tmp_path_factory.mktemp("names") / "rows\x1b[31m.npz"
    write(Predictions.from_logits(logits, labels, classes=NAMES, groups=groups), path)
    return path


@pytest.mark.parametrize("words", COMMANDS, ids=" ".join)
def test_no_name_acts_in_a_terminal_or_is_lost_in_json(
    calibrant: Program, named: Path, words: tuple[str, ...]
) -> None:
    said = calibrant(words[0], named, *words[1:])
    assert said.code == (1 if words == ("doctor",) else 0)
    for line in (said.out + said.err).split("\n"):
        assert line.replace("\u00a0", " ").isprintable()
        assert len(line) < 1000
        assert not line.startswith("lines")
    asked = calibrant(words[0], named, *words[1:], "--json")
    check_schema(json.loads(asked.out))
    assert asked.out.rstrip("\n").isprintable()


def test_a_calibrator_and_converted_rows_keep_the_names(
    calibrant: Program, named: Path, tmp_path: Path
) -> None:
    fitted = calibrant("fit", named, "-o", tmp_path / "c.json", "--method", "histogram")
    assert fitted.code == 0
    applied = calibrant("apply", tmp_path / "c.json", named, "-o", tmp_path / "after.csv")
    assert applied.code == 0
    listed = calibrant("evaluate", tmp_path / "after.csv", "--json")
    assert listed.json["k"] == len(NAMES)


@pytest.mark.parametrize("suffix", ["html", "md"])
def test_a_report_shows_long_names_cut(calibrant: Program, named: Path, tmp_path: Path, suffix: str) -> None:
    file = tmp_path / f"report.{suffix}"
    assert calibrant("report", named, "-o", file).code == 0
    document = file.read_text(encoding="utf-8")
    seen = document.split('id="report">')[0]
    assert "\x1b" not in seen
    assert "\u202e" not in document
    assert "L" * 100 in seen
    assert "L" * 300 not in seen
    assert "<b onload" not in document


@pytest.mark.parametrize(
    "words",
    [
        ("evaluate", "no\x1b[31m\u202e\nfile.npz"),
        ("evaluate", "\ud800.npz"),
        ("\u202e\x1b[31m",),
        ("evaluate", "--\x1b[31m"),
        ("fit", "x.npz", "-o", "c.json", "--method", "\x1b[31m[bold]\u202e"),
        ("run", "\x1b[31m\u202e"),
    ],
)
def test_words_of_the_command_line_come_back_harmless(calibrant: Program, words: tuple[str, ...]) -> None:
    outcome = calibrant(*words)
    assert outcome.code == 2
    assert outcome.out == ""
    assert outcome.err
    assert all(line.isprintable() for line in outcome.err.split("\n"))


def test_a_class_that_is_not_there_is_named_beside_a_few_that_are(calibrant: Program, named: Path) -> None:
    outcome = calibrant("reliability", named, "--class", "\x1b[0m")
    assert outcome.code == 2
    assert r"there is no class '\x1b[0m'; the classes are \x1b[31mred\x1b[0m, two\nlines" in outcome.err
    assert len(outcome.err) < 1000
