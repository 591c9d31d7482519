"""One root, and classes that also answer to the built-in error a caller would expect."""

import inspect
import pickle

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
        ("FolderInUse", OSError),
        ("ClusterUnavailable", OSError),
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


@pytest.mark.parametrize("error", ALL)
def test_an_error_reaches_other_processes_as_it_is(error: type[CalibrantError]) -> None:
    made = (
        error("Training", "train", "torch")  # type: ignore[call-arg, misc]
        if error is MissingExtra
        else error("labels must be 0 or more; got -1 at row {row}.", row=3)
    )
    sent = pickle.loads(pickle.dumps(made))
    assert type(sent) is error
    assert (str(sent), sent.text, sent.row) == (str(made), made.text, made.row)
    if error is not MissingExtra:
        assert str(sent.counted_from(10)).endswith("at row 13.")
    else:
        assert sent.extra == "train"
