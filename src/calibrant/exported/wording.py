"""A calibrated probability in plain words, as `docs/deploy.md` explains them.

The words say how often such an answer is right, which only a calibrated probability does.
"""

from __future__ import annotations

ALMOST_SURE, PROBABLE, LEANING = 95, 80, 60
"""From how many right answers in 100 each wording is used; below the last it is "cannot tell"."""


def in_words(name: str, probability: float) -> str:
    """Say what the calibrated probability of the most probable class means.

    Parameters
    ----------
    name : str
        The most probable class.
    probability : float
        Its calibrated probability, in 0..1.

    Notes
    -----
    The words go by the number that stands beside them, in whole hundredths, so the two never disagree.

    Examples
    --------
    >>> in_words("bird", 0.9712)
    'almost surely bird: about 97 in 100 such answers are right'
    >>> in_words("cat", 0.52)
    'cannot tell: cat is the best guess, and about 52 in 100 such guesses are right'
    """
    right = round(100 * probability)
    if right >= 100:
        count = "more than 99 in 100"
    elif right < 1:
        count = "fewer than 1 in 100"
    else:
        count = f"about {right} in 100"
    if right < LEANING:
        return f"cannot tell: {name} is the best guess, and {count} such guesses are right"
    if right >= ALMOST_SURE:
        return f"almost surely {name}: {count} such answers are right"
    return f"{'probably' if right >= PROBABLE else 'leans to'} {name}: {count} such answers are right"


def what_such_answers_are(method: str) -> str:
    """Say which answers the words speak of, or that they hold of none.

    Parameters
    ----------
    method : str
        The calibration method.
    """
    if method == "identity":
        return (
            "These probabilities are not calibrated (the method is identity): how often such answers are "
            "right, nobody has checked."
        )
    return (
        "Such answers are those with this probability, to images like the ones that the calibrator was "
        "fitted on. Of other images the words promise nothing."
    )
