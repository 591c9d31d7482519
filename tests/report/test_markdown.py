"""The Markdown document: tables, and names that stay text."""

from __future__ import annotations

import re

import pytest

from calibrant.report.markdown import as_markdown, escaped
from tests.report.reports import HOSTILE, run_facts, small_report
from tests.report.test_text import everything


def test_sections_and_tables() -> None:
    document = as_markdown(small_report())
    assert document.startswith("# small\n\nThese probabilities are ")
    assert document.endswith("\n")
    assert "## Metrics\n\n|  | before | 95 % interval | after |" in document
    assert "```sh\ncalibrant fit val.npz -o calibrator.json\n```" in document
    report = small_report()
    metric = next(metric for metric in report.metrics if metric.name == "ece")
    assert f"| ECE, top-label | {metric.before.value:.4f} |" in document


@pytest.mark.parametrize("name", ["depth", HOSTILE])
def test_every_row_of_a_table_has_the_cells_of_its_header(name: str) -> None:
    for report in everything(name):
        cells: int | None = None
        tables = 0
        for line in as_markdown(report).splitlines():
            if not line.startswith("|"):
                cells = None
                continue
            found = len(re.findall(r"(?<!\\)\|", line))
            tables += cells is None
            assert cells is None or found == cells, line
            cells = found
        assert tables >= 2


def test_no_name_becomes_markup() -> None:
    for report in everything(HOSTILE):
        document = re.sub(r"(`{3,})\w*\n.*?\n\1", "", as_markdown(report), flags=re.DOTALL)
        assert "<" not in document
        assert "https://evil" not in document
        assert "www.evil" not in document
        assert not re.search(r"(?<!\\)[`*\[~]", document)
        assert all(line.isprintable() for line in document.splitlines())
        titles = [line for line in document.splitlines() if line.startswith("#")]
        assert not any(title.lstrip("# ").startswith("new") for title in titles)


def test_text_of_others_begins_no_list_and_no_heading() -> None:
    assert escaped("- a") == "&#45; a"
    assert escaped("12. a") == "12&#46; a"
    assert escaped("# a") == "\\# a"
    assert escaped("---") == "&#45;--"
    assert escaped("-0.5") == "-0.5"


def test_a_recipe_with_fences_stays_in_its_fence() -> None:
    document = as_markdown(small_report().model_copy(update={"run": run_facts()}))
    assert '````toml\n[train]\nepochs = 2\nnote = "```"\n````' in document


def test_all_classes_are_there() -> None:
    document = as_markdown(small_report(20))
    table = document[document.index("## Classes") :]
    for row in small_report(20).classes:
        assert f"\n| {row.name} | {row.n:,} |" in table
