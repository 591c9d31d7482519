"""`calibrant sweep`."""

from __future__ import annotations

from pathlib import Path

import pytest

import calibrant as package
from tests.cli.conftest import Program


def test_the_table_and_the_json(calibrant: Program, held_out: Path) -> None:
    wanted = package.sweep(package.read(held_out), [0.5, 1.0, 2.5])
    assert calibrant("sweep", held_out, "--temperatures", "0.5,1, 2.5").out == f"{wanted}\n"
    outcome = calibrant("sweep", held_out, "--temperatures", "0.5,1,2.5", "--json")
    assert outcome.json == wanted.to_json()
    assert outcome.err == ""


def test_without_temperatures_there_are_some(calibrant: Program, held_out: Path) -> None:
    assert calibrant("sweep", held_out, "--json").json["temperature"] == [0.5, 1.0, 1.5, 2.0, 2.5]


@pytest.mark.parametrize(
    ("temperatures", "message"),
    [
        ("0", "temperatures must be numbers above 0"),
        ("1,-2", "temperatures must be numbers above 0"),
        ("nan", "temperatures must be numbers above 0"),
        ("1,inf", "temperatures must be numbers above 0"),
        ("", "temperatures must be numbers separated by commas; got ''"),
        ("1;2", "temperatures must be numbers separated by commas; got '1;2'"),
        ("1,,2", "temperatures must be numbers separated by commas; got '1,,2'"),
    ],
)
def test_temperatures_that_are_none(
    calibrant: Program, held_out: Path, temperatures: str, message: str
) -> None:
    outcome = calibrant("sweep", held_out, f"--temperatures={temperatures}")
    assert (outcome.code, outcome.out) == (2, "")
    assert message in outcome.err
