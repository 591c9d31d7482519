"""`calibrant plan`."""

from __future__ import annotations

from pathlib import Path

import pytest

import calibrant as package
from calibrant.analysis import assumed_spread, plan, rows_to_fit, spread_of
from tests.cli.conftest import Program


def test_the_text_and_the_json_of_a_pilot(calibrant: Program, held_out: Path) -> None:
    wanted = plan(spread_of(package.read(held_out)), half_width=0.02)
    assert calibrant("plan", held_out, "--half-width", 0.02).out == f"{wanted}\n"
    outcome = calibrant("plan", held_out, "--half-width", 0.02, "--json")
    assert outcome.json == wanted.to_json()
    assert outcome.err == ""


def test_a_method_is_fitted_for_its_parameters(calibrant: Program, held_out: Path) -> None:
    outcome = calibrant("plan", held_out, "--method", "temperature", "--excess", 0.002, "--json")
    assert outcome.json["fit"] == {"method": "temperature", "parameters": 1, "excess": 0.002, "rows": 250}
    assert "to fit temperature, 1 free parameters" in calibrant("plan", held_out, "--method=temperature").out


def test_without_a_pilot_it_assumes(calibrant: Program) -> None:
    words = ("--accuracy", 0.8, "--error", 0.05, "--nll-deviation", 1.0, "--parameters", 20)
    outcome = calibrant("plan", *words, "--json")
    spread = assumed_spread(accuracy=0.8, error=0.05, nll_deviation=1.0)
    assert outcome.json == plan(spread, half_width=0.01, fit=rows_to_fit(20)).to_json()
    assert outcome.json["rows"]["accuracy"] == 6145


@pytest.mark.parametrize(
    ("words", "message"),
    [
        ([], "give a pilot FILE, or assume an accuracy"),
        (["--accuracy", "80"], "accuracy must lie between 0 and 1"),
        (["--accuracy", "0.8", "--half-width", "0"], "half_width must be a number above 0"),
        (["--accuracy", "0.8", "--method", "vector"], "--method needs a pilot FILE"),
        (["--accuracy", "0.8", "--method", "vector", "--parameters", "3"], "not both"),
        (["missing.npz", "--accuracy", "0.8"], "brings its own accuracy"),
        (["--accuracy", "0.8", "--level", "0.9999999999999999"], "be at most 0.999999; got 0.99999999999"),
        (
            ["--accuracy", "0.8", "--parameters", "9", "--excess", "1e-310"],
            "need more than 1,000,000,000,000 rows",
        ),
    ],
)
def test_what_cannot_be_planned(calibrant: Program, words: list[str], message: str) -> None:
    outcome = calibrant("plan", *words)
    assert (outcome.code, outcome.out) == (2, "")
    assert message in outcome.err


@pytest.mark.parametrize(
    "words",
    [
        ["--half-width", "1e-160", "--nll-deviation", "1"],
        ["--nll-deviation", "1e300"],
        ["--level", "1e-300", "--half-width", "1e300", "--error", "1e-300"],
        ["--level", "0.999999", "--half-width", "1e-12"],
    ],
)
def test_extreme_wishes_have_an_answer(calibrant: Program, words: list[str]) -> None:
    outcome = calibrant("plan", "--accuracy", "0.9", *words, "--json")
    assert all(rows is None or rows >= 2 for rows in outcome.json["rows"].values())
