"""The pages on metrics: every name is there, examples run, pictures exist, the table agrees with the code."""

from __future__ import annotations

import doctest
import re
import runpy
from pathlib import Path

import pytest

from calibrant import metrics
from calibrant.errors import IncompatiblePredictions
from calibrant.metrics import METRICS, MergeableMetric, QuantileMetric, TallyMetric, WholeMetric
from calibrant.predictions import SoftLabelPredictions

DOCS = Path(__file__).parents[1] / "docs"
INDEX = DOCS / "metrics.md"
PAGES = sorted((DOCS / "metrics").glob("*.md"))
TEXT = {page: page.read_text(encoding="utf-8") for page in (INDEX, *PAGES)}
SOFT_LABELS = DOCS / "soft-labels.md"
IN_PARTS = {MergeableMetric: "merges", QuantileMetric: "passes", TallyMetric: "pooled", WholeMetric: "no"}


def prose(text: str) -> str:
    """Return a page without its blocks of code."""
    return re.sub(r"^```.*?^```$", "", text, flags=re.DOTALL | re.MULTILINE)


def code_spans(text: str) -> set[str]:
    """Return what stands between single backticks outside blocks of code."""
    return set(re.findall(r"`([^`\n]+)`", prose(text)))


def run_examples(name: str, text: str) -> doctest.TestResults:
    """Run the examples of a page, one after another, and return how many there were and how many failed."""
    blocks = re.findall(r"^```python\n(.*?)^```$", text, flags=re.DOTALL | re.MULTILINE)
    runner = doctest.DocTestRunner(verbose=False)
    test = doctest.DocTestParser().get_doctest("\n".join(blocks), {}, name, None, None)
    complaints: list[str] = []
    found = runner.run(test, out=complaints.append)
    assert found.failed == 0 or "broken" in name, "".join(complaints)
    return found


def table() -> list[list[str]]:
    """Return the cells of the index's first table, without its header."""
    lines = TEXT[INDEX].split("\n## ")[1].splitlines()
    rows = [[cell.strip() for cell in line.strip("|").split("|")] for line in lines if line.startswith("| [")]
    assert len(rows) >= 30
    return rows


def test_there_is_a_page_for_every_family() -> None:
    assert len(PAGES) >= 14
    linked = set(re.findall(r"\(metrics/([\w-]+)\.md\)", TEXT[INDEX]))
    assert linked == {page.stem for page in PAGES}


def test_every_metric_and_every_public_name_is_explained() -> None:
    spans = set().union(*(code_spans(text) for text in TEXT.values()))
    names = set(METRICS) | set(metrics.__all__) - {"METRICS"}
    assert len(names) >= 60
    assert names - spans == set()
    assert "`calibrant.metrics.METRICS`" in TEXT[INDEX]


def test_the_table_lists_the_registry_with_its_best_values_and_how_parts_are_measured() -> None:
    rows = table()
    assert [row[0].partition("]")[0].strip("[`") for row in rows] == list(METRICS)
    for row, metric in zip(rows, METRICS.values(), strict=True):
        assert float(row[3]) == metric.best, row
        (word,) = [word for family, word in IN_PARTS.items() if isinstance(metric, family)]
        assert row[4] == word, row


def test_a_metric_is_explained_on_the_page_that_its_row_links_to() -> None:
    for name, row in zip(METRICS, table(), strict=True):
        link = re.search(r"\((metrics/[\w-]+\.md)\)", row[0])
        assert link
        assert name in code_spans(TEXT[DOCS / link[1]]), row[0]


@pytest.mark.parametrize("page", TEXT, ids=lambda page: page.stem)
def test_the_examples_run(page: Path) -> None:
    assert run_examples(page.name, TEXT[page]).attempted >= 4


def test_an_example_that_is_wrong_is_found() -> None:
    assert run_examples("broken", "```python\n>>> 1 + 1\n3\n```\n").failed == 1


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.stem)
def test_a_page_has_formulas_a_picture_of_its_own_and_says_when_it_misleads(page: Path) -> None:
    text = TEXT[page]
    assert re.search(r"^```\n.+?^```$", text, flags=re.DOTALL | re.MULTILINE)
    assert re.search(r"\*\*When (it misleads|they mislead)\.\*\*", text)
    pictures = re.findall(r"!\[[^\]]{20,}\]\(([^)]+)\)", text)
    assert pictures == [f"{page.stem}.png"]


@pytest.mark.parametrize("page", TEXT, ids=lambda page: page.stem)
def test_links_lead_somewhere(page: Path) -> None:
    links = re.findall(r"\]\(([^)#]+)\)", prose(TEXT[page]))
    assert links
    for link in links:
        assert (page.parent / link).is_file() or link == f"{page.stem}.png", link


def test_the_build_draws_a_picture_for_every_page() -> None:
    pytest.importorskip("matplotlib")
    drawn = runpy.run_path(str(DOCS / "metrics" / "pictures.py"))["NAMES"]
    assert sorted(drawn) == [page.stem for page in PAGES]


def test_the_page_on_soft_labels_runs_and_counts_the_metrics() -> None:
    text = SOFT_LABELS.read_text(encoding="utf-8")
    assert run_examples(SOFT_LABELS.name, text).attempted == 6
    taking, of = map(int, re.findall(r"(\d+) of the (\d+) metrics", text)[0])
    rows = SoftLabelPredictions.from_probs([[0.9, 0.1], [0.6, 0.4]], [[3, 1], [1, 1]])
    refusing = 0
    for metric in METRICS.values():
        try:
            metric(rows)
        except IncompatiblePredictions:
            refusing += 1
    assert (taking, of) == (len(METRICS) - refusing, len(METRICS))
