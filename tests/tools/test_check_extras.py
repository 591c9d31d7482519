"""`make check-extras`: every extra of `pyproject.toml` has something that is tried with it alone."""

from __future__ import annotations

import sys

import pytest

from tests.test_extras import EXTRAS
from tools import check_extras
from tools.promises import PROMISES


def test_every_extra_has_a_promise_that_is_tried_and_no_other_has() -> None:
    assert set(PROMISES) == set(check_extras.names()) == EXTRAS.keys() - {"all"}
    assert check_extras.without_promise([*EXTRAS, "new"]) == ["all", "new"]
    for extra, promise in PROMISES.items():
        assert promise.commands or promise.code, extra


def test_an_extra_brings_those_that_it_names_and_theirs() -> None:
    extras = {"a": ["numpy", "calibrant[b,c]"], "b": ["calibrant[d]"], "c": ["scipy>=1"], "d": ["rich"]}
    assert check_extras.brought_by("a", extras) == {"a", "b", "c", "d"}
    assert check_extras.brought_by("c", extras) == {"c"}
    assert {"train", "plot", "report"} < check_extras.brought_by("export")


@pytest.mark.parametrize(
    ("asked", "said"),
    [("nothing", "There is no extra nothing; extras: train, "), ("new", "says nothing of new.")],
)
def test_what_cannot_be_tried_is_said_before_anything_is_built(
    asked: str, said: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(EXTRAS, "new", ["numpy"])
    monkeypatch.setattr(check_extras, "build", lambda _: pytest.fail("it was built"))
    monkeypatch.setattr(sys, "argv", ["check_extras", "plot", asked])
    with pytest.raises(SystemExit, match=said):
        check_extras.main()
