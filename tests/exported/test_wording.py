"""Words go by the number beside them, and promise no more than it does."""

from __future__ import annotations

import pytest

from calibrant.exported.wording import in_words, what_such_answers_are


@pytest.mark.parametrize(
    ("probability", "words"),
    [
        (1.0, "almost surely bird: more than 99 in 100 such answers are right"),
        (0.9951, "almost surely bird: more than 99 in 100 such answers are right"),
        (0.9949, "almost surely bird: about 99 in 100 such answers are right"),
        (0.9451, "almost surely bird: about 95 in 100 such answers are right"),
        (0.9449, "probably bird: about 94 in 100 such answers are right"),
        (0.7951, "probably bird: about 80 in 100 such answers are right"),
        (0.7949, "leans to bird: about 79 in 100 such answers are right"),
        (0.5951, "leans to bird: about 60 in 100 such answers are right"),
        (0.5949, "cannot tell: bird is the best guess, and about 59 in 100 such guesses are right"),
        (0.004, "cannot tell: bird is the best guess, and fewer than 1 in 100 such guesses are right"),
    ],
)
def test_each_probability_has_its_words(probability: float, words: str) -> None:
    assert in_words("bird", probability) == words


def test_what_is_not_calibrated_promises_nothing() -> None:
    assert "images like the ones that the calibrator was fitted on" in what_such_answers_are("temperature")
    assert "not calibrated" in what_such_answers_are("identity")
