"""The page as text: it stands alone, is the same every time, and names in it are no markup."""

from __future__ import annotations

import re

import pytest

from calibrant.report.build import predictions_report
from calibrant.report.model import AnyReport, ComparisonReport, Provenance
from calibrant.report.page import render
from tests.report.pages import Page
from tests.report.reports import HOSTILE, rows, run_facts, small_report, study_report

_BEFORE_PLOTLY = '<script type="application/json"'


def comparison() -> ComparisonReport:
    return ComparisonReport(
        title="two nets",
        headline="The first is better.",
        members=(small_report(), small_report(2)),
        provenance=Provenance(command="calibrant report a b", files=(), seed=0, versions=()),
    )


def reports() -> dict[str, AnyReport]:
    small = small_report()
    return {
        "predictions": small,
        "two classes": small_report(2),
        "run": small.model_copy(update={"run": run_facts()}),
        "comparison": comparison(),
        "study": study_report(),
    }


@pytest.mark.parametrize("name", list(reports()))
def test_it_stands_alone_and_is_the_same_every_time(name: str) -> None:
    report = reports()[name]
    html = render(report)
    assert html == render(report)
    assert len(html.encode()) < 8_000_000
    page = Page(_without_scripts(html))
    for attribute in ("src", "href"):
        for target in page.attributes(attribute):
            assert target.startswith(("#", "data:"))
    assert "default-src 'none'" in html


def test_the_words_are_those_of_the_model() -> None:
    report = small_report()
    words = " ".join(Page(_without_scripts(render(report))).words.split())
    assert report.verdict.headline in words
    assert " ".join(report.verdict.repair.split()) in words
    for advice in report.verdict.advice:
        assert advice.command is None or advice.command in words
    for metric in report.metrics:
        assert metric.title in words
        assert metric.convention in words
        assert f"{metric.before.value:.4f}" in words
    assert report.methods is not None
    assert all(row.method in words for row in report.methods.rows)


@pytest.mark.parametrize("name", list(reports()))
def test_no_words_of_the_page_itself_are_shown_as_escapes(name: str) -> None:
    assert "\\x" not in Page(_without_scripts(render(reports()[name]))).words


def test_one_set_of_probabilities_is_neither_before_nor_after() -> None:
    alone = predictions_report(rows(120, 3, seed=2), title="alone", methods=())
    captions = re.findall(r"<figcaption>(.*?)</figcaption>", render(alone))
    assert captions[0].startswith("Top label: ECE")


def test_what_a_run_adds_is_there() -> None:
    words = Page(_without_scripts(render(reports()["run"]))).words
    for said in ("LeNet-5 on birds against cats.", "epochs = 2", "6 × 28 × 28", "The weights of epoch 2"):
        assert said in words


def test_hostile_names_are_no_markup() -> None:
    report = small_report(2, (HOSTILE, "{{ 7 * 7 }}"), HOSTILE)
    html = render(report.model_copy(update={"run": run_facts(HOSTILE)}))
    page = Page(_without_scripts(html))
    assert "onerror" not in {name for _, attributes in page.elements for name in attributes}
    assert "\x1b" not in html
    assert "49" not in re.findall(r"Act(?:ing)? on (\S+)", page.words)
    assert html.count("</script>") == 3


def _without_scripts(html: str) -> str:
    return re.sub(r"<script\b.*?</script>", "", html, flags=re.DOTALL)
