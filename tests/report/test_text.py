"""The view for a terminal: the verdict first, 100 columns, and names that do nothing."""

from __future__ import annotations

import shlex

import pytest

from calibrant.report.build import comparison_report
from calibrant.report.model import AnyReport, Model
from calibrant.report.text import WIDTH, as_text
from tests.report.reports import HOSTILE, run_facts, small_report, study_report


def everything(name: str) -> list[AnyReport]:
    """Return a report of each kind, with a name wherever there is one."""
    report = small_report(3, (name, f"{name} b", "c"), name)
    with_run = report.model_copy(update={"run": run_facts(name)})
    return [with_run, comparison_report([with_run, small_report()]), study_report(name)]


@pytest.fixture(scope="module")
def text() -> str:
    return as_text(small_report())


def test_the_verdict_comes_first_then_what_to_do(text: str) -> None:
    report = small_report()
    lines = text.splitlines()
    assert lines[:2] == ["small", "====="]
    assert " ".join(lines[2:10]).startswith(report.verdict.headline)
    advice = report.verdict.advice[0]
    assert advice.command is not None
    assert text.index(advice.command) < text.index("Metrics\n-------")


def test_every_part_is_told(text: str) -> None:
    report = small_report()
    places = [
        text.index(f"\n{title}\n---")
        for title in (
            "Metrics",
            "Reliability",
            "Other temperatures",
            "Tests",
            "Methods",
            "Classes, each against the rest",
            "Groups",
            "Leaving the least sure rows to someone else",
            "Findings",
            "How it was computed",
        )
    ]
    assert places == sorted(places)
    for metric in report.metrics:
        assert metric.after is not None
        assert f"{metric.before.value:.4f}" in text
        assert f"{metric.after.value:.4f}" in text
    assert "as it is" in text
    assert "fitted" in text
    assert report.methods is not None
    for row in report.methods.rows:
        assert f"{row.nll:.4f}" in text
    assert "dark" in text


@pytest.mark.parametrize("name", ["depth", HOSTILE, "x" * 300], ids=["plain", "hostile", "long"])
def test_no_line_is_wider_than_a_terminal_and_none_moves_the_cursor(name: str) -> None:
    for report in everything(name):
        for line in as_text(report).splitlines():
            assert len(line) <= WIDTH or "x" * 60 in line
            assert line.isprintable()


def test_a_hostile_name_is_one_line_that_can_be_read() -> None:
    text = as_text(small_report(3, ("cat\x1b[31m\n# new", "b|`*</script>", "c"), "t"))
    assert "\ncat\\x1b[31m\\n# new " in text
    assert "\nb|`*</script> " in text


def test_the_run_of_a_report_is_told() -> None:
    text = as_text(small_report().model_copy(update={"run": run_facts()}))
    for words in ("LeNet-5 on birds", "6 × 28 × 28", "epochs = 2", "0.2500", "epoch 2 were kept", "99.0 %"):
        assert words in text


def test_of_many_classes_the_worst_are_shown() -> None:
    text = as_text(small_report(20))
    shown = [row.name for row in small_report(20).classes[:12]]
    table = text[text.index("Classes, each") : text.index("8 more classes are better")]
    assert [line.split()[0] for line in table.splitlines()[3:15]] == shown


def test_a_long_command_is_broken_where_a_shell_joins_it() -> None:
    report: Model = small_report()
    words = ["calibrant", "report", *(f"folder with blanks/{number}.npz" for number in range(9))]
    provenance = small_report().provenance.model_copy(update={"command": shlex.join(words)})
    text = as_text(report.model_copy(update={"provenance": provenance}))  # type: ignore[arg-type]
    start = text.index("    calibrant report 'folder")
    command = text[start : text.index("8.npz'") + len("8.npz'")]
    assert "\\\n" in command
    assert shlex.split(command.replace("\\\n", "")) == words


@pytest.mark.parametrize("command", ["", "   ", "'"])
def test_a_command_of_no_words_is_shown_as_it_is(command: str) -> None:
    report: Model = small_report()
    provenance = small_report().provenance.model_copy(update={"command": command})
    text = as_text(report.model_copy(update={"provenance": provenance}))  # type: ignore[arg-type]
    assert text.splitlines()[-1].startswith("Seed 0; calibrant")


def test_a_study_and_a_comparison_are_told() -> None:
    text = as_text(study_report())
    for words in ("Deeper networks", "0.500 ± 0.010", "0.0200", "ECE against depth. It rises.", "Settings"):
        assert words in text
    both = comparison_report([small_report(), small_report(2, title="other")])
    text = as_text(both)
    assert "small and other\n===============" in text
    assert text.count("How it was computed") == 3
