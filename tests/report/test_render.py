"""The page of a run: complete, in order, offline, and safe from what it is told."""

from __future__ import annotations

import re
from dataclasses import replace

import pytest

from calibrant.analysis import evaluate
from calibrant.predictions import Predictions
from calibrant.report import DataFacts, LayerRow, ReportFigure, RunReport, render
from tests.report.pages import Page

HOSTILE = "</script></title><img src=x onerror=alert(1)>"


@pytest.fixture(scope="module")
def html(run_report: RunReport) -> str:
    return render(run_report)


@pytest.fixture(scope="module")
def page(html: str) -> Page:
    return Page(html)


def test_the_numbers_of_both_evaluations_are_on_the_page(run_report: RunReport, page: Page) -> None:
    for evaluation in (run_report.before, run_report.after):
        for name in ("accuracy", "mean_confidence", "nll", "brier", "ece", "mce", "rmsce", "classwise_ece"):
            assert f"{getattr(evaluation, name):.4f}" in page.words
        assert f"{evaluation.ece_positive:.4f}" in page.words
    expected = run_report.after.expected_if_calibrated["ece"]
    assert f"{expected.low:.4f} to {expected.high:.4f}" in page.words


def test_the_verdict_comes_first(page: Page) -> None:
    places = [
        page.words.index(words)
        for words in (
            "over-confident",
            "Before and after",
            "Figures",
            "How it was computed",
            "Network",
            "Data",
        )
    ]
    assert places == sorted(places)


def test_network_data_recipe_notes_and_versions_are_told(page: Page) -> None:
    for words in (
        "6 × 28 × 28",
        "48,576",
        "8,000 training, 2,000 validation, 2,000 test",
        "bird, cat",
        "9f2c41d0",
        "inputs scaled to ±1",
        'optimiser = "adam"',
        "The first note.",
        "calibrant 0.1.0, torch 2.9.1",
        "https://example.org/project",
        "validation rows alone",
    ):
        assert words in page.words


def test_figures_have_captions_and_spoken_labels(page: Page) -> None:
    drawings = [attributes for tag, attributes in page.elements if tag == "svg"]
    assert [drawing["aria-label"] for drawing in drawings] == [
        "Bars lie below the diagonal.",
        "The same bars.",
    ]
    assert {drawing["role"] for drawing in drawings} == {"img"}
    assert "Before." in page.words


def test_no_two_elements_share_an_id(page: Page) -> None:
    ids = page.attributes("id")
    assert len(ids) > 20
    assert len(ids) == len(set(ids))
    assert {target.removeprefix("#") for target in page.attributes("href")} <= set(ids)


def test_the_page_needs_no_network(html: str, page: Page) -> None:
    assert page.attributes("src") == []
    assert all(target.startswith("#") for target in page.attributes("href"))
    assert all(target.startswith("#") for target in re.findall(r"url\(([^)]*)\)", html))
    assert "@import" not in html
    assert page.tags().isdisjoint({"script", "link", "img", "iframe", "object"})
    elsewhere = html.replace("https://example.org/project", "")
    assert re.search("https?:", elsewhere) is None


def test_the_same_report_gives_the_same_text(run_report: RunReport, html: str) -> None:
    assert render(run_report) == html


def test_hostile_names_stay_text(run_report: RunReport) -> None:
    page = Page(
        render(
            replace(
                run_report,
                title=HOSTILE,
                description=HOSTILE,
                source=HOSTILE,
                data=DataFacts(HOSTILE, 1, 1, 1, (HOSTILE, "cat"), HOSTILE, HOSTILE),
                layers=(LayerRow(HOSTILE, (1,), 1),),
                figures=(ReportFigure(HOSTILE, HOSTILE, run_report.figures[0].svg),),
                recipe=HOSTILE,
                notes=(HOSTILE,),
                versions=((HOSTILE, HOSTILE),),
            )
        )
    )
    assert page.tags().isdisjoint({"script", "img"})
    assert page.words.count(HOSTILE) == 14
    assert HOSTILE in page.attributes("aria-label")


def test_the_positive_class_is_told_only_of_two_classes(run_report: RunReport, page: Page) -> None:
    assert "ECE, positive class" in page.words
    three = evaluate(Predictions.from_logits([[2.0, 0, 0], [0, 1.0, 0], [0, 0, 1.0]], [0, 1, 1]))
    assert "positive class" not in Page(render(replace(run_report, before=three, after=three))).words


def test_a_report_without_figures_layers_notes_and_versions_is_a_page(run_report: RunReport) -> None:
    bare = replace(run_report, figures=(), layers=(), notes=(), versions=())
    words = Page(render(bare)).words
    assert "Figures" not in words
    assert "Network" not in words
    assert "Made with" not in words


def test_it_adapts_to_phones_paper_and_the_dark(html: str) -> None:
    for promise in ("width=device-width", "@media print", "prefers-color-scheme: dark", '<html lang="en">'):
        assert promise in html
