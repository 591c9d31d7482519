"""How commands read predictions, and the words of a user for classes and temperatures."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Literal

from calibrant.cli.output import note
from calibrant.errors import IncompatiblePredictions, InvalidArgument
from calibrant.printable import listed

if TYPE_CHECKING:
    from calibrant.predictions import AnyPredictions, Predictions, SoftLabelPredictions, Table


_MOST = 20


def read_predictions(
    path: Path, logits_key: str | None, label_key: str | None, kind: Literal["logits", "probs"] | None
) -> Predictions:
    """Read and check a file of the probabilities of all classes with one label a row."""
    from calibrant.predictions import SoftLabelPredictions

    predictions = read_scored(path, logits_key, label_key, kind)
    if isinstance(predictions, SoftLabelPredictions):
        raise needs_labels(path)
    return predictions


def needs_labels(path: Path) -> IncompatiblePredictions:
    """Return the error for a command that is given counts of annotators and takes none."""
    return IncompatiblePredictions(
        f"{path} has counts of annotators in place of labels; this needs one label for each row. "
        "evaluate, reliability, plot, sweep, fit, apply, report and convert take such files."
    )


def read_scored(
    path: Path,
    logits_key: str | None,
    label_key: str | None,
    kind: Literal["logits", "probs"] | None,
    counts_key: str | None = None,
) -> Predictions | SoftLabelPredictions:
    """Read and check a file of the probabilities of all classes, with labels or counts of annotators."""
    from calibrant.predictions import TopLabelPredictions

    predictions = read_either(path, logits_key, label_key, kind, counts_key)
    if isinstance(predictions, TopLabelPredictions):
        raise IncompatiblePredictions(
            f"{path} has only the confidence of the top label; this needs the probabilities of all classes. "
            "evaluate, reliability, plot, conventions, doctor, fit and apply take such files."
        )
    return predictions


def read_either(
    path: Path,
    logits_key: str | None,
    label_key: str | None,
    kind: Literal["logits", "probs"] | None,
    counts_key: str | None = None,
) -> AnyPredictions:
    """Read and check a file of predictions of any form, and name on stderr what it holds besides."""
    from calibrant.io import read_checked
    from calibrant.predictions.checks import check_countable

    predictions, ignored = read_checked(
        path, logits_key=logits_key, label_key=label_key, kind=kind, counts_key=counts_key
    )
    if ignored:
        note(f"{path}: not read: {listed(ignored)}")
    found: AnyPredictions = predictions
    if found.sample_weight is not None:
        check_countable(float(found.sample_weight.sum()))
    return found


def class_index(rows: AnyPredictions | Table, name: str | None) -> int | None:
    """Return the index of a class given by name or number."""
    from calibrant.predictions import Table, TopLabelPredictions

    if name is None:
        return None
    predictions = rows.first_part() if isinstance(rows, Table) else rows
    if isinstance(predictions, TopLabelPredictions):
        raise IncompatiblePredictions(
            f"the class {name!r} cannot be looked at: that needs the probabilities of all classes, and this "
            "file has only the confidence of the top label."
        )
    if predictions.classes is not None and name in predictions.classes:
        return predictions.classes.index(name)
    if name.isdecimal() and int(name) < predictions.k:
        return int(name)
    names = [predictions.class_name(number) for number in range(min(predictions.k, _MOST + 1))]
    raise InvalidArgument(f"there is no class {name!r}; the classes are {listed(names, _MOST)}.")


def parse_temperatures(text: str) -> list[float]:
    """Return the numbers of a comma-separated list."""
    try:
        return [float(part) for part in text.split(",")]
    except ValueError:
        raise InvalidArgument(f"temperatures must be numbers separated by commas; got {text!r}.") from None
