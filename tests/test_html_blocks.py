"""Results in notebooks: the numbers of the text, and nothing that a name could break."""

from __future__ import annotations

import re
from html import unescape
from html.parser import HTMLParser
from typing import Any

import numpy as np
import pytest

import calibrant
from calibrant.analysis import (
    assumed_spread,
    before_after,
    choose,
    compare,
    conventions,
    doctor,
    evaluate,
    plan,
    reliability,
    rows_to_fit,
    subgroups,
    sweep,
)
from calibrant.calibrators import CALIBRATORS, TemperatureScaling, calibrator
from calibrant.html_blocks import Grid, as_html
from calibrant.predictions import Predictions, SoftLabelPredictions, TopLabelPredictions

HOSTILE = ("</script><img src=x onerror=alert(1)>", "a & b <b>", "\"'><svg onload=alert(1)>")
ALLOWED = {"div", "p", "br", "table", "thead", "tbody", "tr", "th", "td"}


class Tags(HTMLParser):
    """Collects tags and attributes, and checks that each is closed."""

    def __init__(self) -> None:
        super().__init__()
        self.seen: set[str] = set()
        self.attributes: set[str] = set()
        self.open: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.seen.add(tag)
        self.attributes |= {name for name, _ in attrs}
        if tag != "br":
            self.open.append(tag)

    def handle_endtag(self, tag: str) -> None:
        assert self.open.pop() == tag


@pytest.fixture(scope="module")
def rows() -> Predictions:
    generator = np.random.default_rng(0)
    logits = 2 * generator.normal(size=(300, 3))
    labels = (logits / 2 + generator.gumbel(size=logits.shape)).argmax(axis=1)
    return Predictions.from_logits(logits, labels, classes=HOSTILE, groups=np.array(HOSTILE)[labels])


RESULTS = {
    "evaluation": evaluate,
    "before and after": lambda rows: before_after(rows, TemperatureScaling(2.0)),
    "comparison": lambda rows: compare(rows, methods=["vector"]),
    "bins": lambda rows: reliability(rows, class_index=1),
    "sweep": lambda rows: sweep(rows, [1.0, 2.0]),
    "choice": lambda rows: choose(rows, candidates=[calibrator("temperature"), calibrator("identity")]),
    "subgroups": subgroups,
    "diagnosis": lambda rows: doctor(rows),
    "conventions": lambda rows: conventions(rows, 10, class_index=1),
    "plan": lambda rows: plan(
        assumed_spread(accuracy=0.8, error=0.05), half_width=0.01, fit=rows_to_fit(3, method="vector")
    ),
}


def check(html: str) -> str:
    """Check the HTML and return its text."""
    tags = Tags()
    tags.feed(html)
    assert tags.open == []
    assert tags.seen <= ALLOWED
    assert tags.attributes <= {"style"}
    assert not re.search(r"color|background|border", html)
    return unescape(re.sub(r"<[^>]+>", " ", html))


@pytest.mark.parametrize("name", RESULTS)
def test_a_result_shows_the_words_and_numbers_of_its_text(rows: Predictions, name: str) -> None:
    found: Any = RESULTS[name](rows)
    shown, text = check(found._repr_html_()), str(found)
    assert shown.split() == text.split()
    assert re.search(r"\d", shown)
    assert "<table>" in found._repr_html_() or not getattr(found, "findings", True)


def test_names_stay_text(rows: Predictions) -> None:
    html = subgroups(rows, by="class")._repr_html_()
    assert "<img" not in html
    assert "&lt;img src=x onerror=alert(1)&gt;" in html
    for name in HOSTILE:
        assert name in check(html)


def test_what_is_not_seen_is_shown() -> None:
    html = as_html(["a\u202eb\nc\x1b", Grid(["\x00"], [["d\u2066"]])])
    assert "a\\u202eb<br>c\\x1b" in html
    assert html.isprintable()
    assert ">d\\u2066</td>" in html
    assert ">\\x00</th>" in html


def test_predictions_show_what_they_hold(rows: Predictions) -> None:
    words = check(rows._repr_html_())
    for name in HOSTILE:
        assert name in words
    for word in ("Predictions", "300", "logits, float64", "labels", "groups"):
        assert word in words
    many = Predictions.from_logits(np.zeros((2, 30)), [0, 1], classes=[f"c{i}" for i in range(30)])
    assert "c9, …" in check(many._repr_html_())
    assert "counts" in check(SoftLabelPredictions.from_probs([0.9], [[1, 3]])._repr_html_())
    assert "correct" in check(TopLabelPredictions.from_correct([0.9], [True])._repr_html_())


@pytest.mark.parametrize("method", CALIBRATORS)
def test_a_calibrator_says_what_it_learned(rows: Predictions, method: str) -> None:
    unfitted = calibrator(method)
    binary = Predictions.from_logits(rows.scores[:, :2], rows.labels > 0, classes=HOSTILE[:2])
    if method not in ("identity",):
        assert "not fitted" in check(unfitted._repr_html_())
    words = check(unfitted.fit(binary)._repr_html_())
    assert unfitted.describe() in words
    assert unfitted.fitted_on_ is not None
    assert f"{unfitted.fitted_on_.nll:.4f} nats a row" in words
    assert "300 rows, 2 classes" in words


def test_a_given_temperature_needs_no_rows() -> None:
    assert "T = 2.0000" in check(calibrant.TemperatureScaling(2.0)._repr_html_())


def test_a_table_without_heads_has_none() -> None:
    assert as_html([Grid(["", ""], [["a", "<1>"]])]).count("thead") == 0
    assert as_html(["", "x\ny"]) == "<div><p>x<br>y</p></div>"
