"""One root, and classes that also answer to the built-in error a caller would expect."""

import inspect

import pytest

from calibrant import errors
from calibrant.errors import CalibrantError, MissingExtra

ALL = [member for _, member in inspect.getmembers(errors, inspect.isclass)]


def test_every_error_has_the_root_and_says_what_it_is_for() -> None:
    assert len(ALL) >= 12
    for error in ALL:
        assert issubclass(error, CalibrantError)
        assert error.__doc__


@pytest.mark.parametrize(
    ("name", "builtin"),
    [
        ("InvalidPredictions", ValueError),
        ("EmptyPredictions", ValueError),
        ("InvalidArgument", ValueError),
        ("IncompatiblePredictions", ValueError),
        ("UnreadableFile", OSError),
        ("UnwritableFile", OSError),
        ("MissingExtra", ImportError),
    ],
)
def test_callers_can_catch_the_builtin_error(name: str, builtin: type[Exception]) -> None:
    assert issubclass(getattr(errors, name), builtin)


@pytest.mark.parametrize("error", [error for error in ALL if error is not MissingExtra])
def test_the_text_is_what_the_user_sees(error: type[Exception]) -> None:
    assert str(error("logits must be numbers")) == "logits must be numbers"


def test_a_missing_extra_says_how_to_install_it() -> None:
    error = MissingExtra("Training", "train", "torch")
    assert "pip install 'calibrant[train]'" in str(error)
    assert "'torch'" in str(error)
    assert error.extra == "train"
