"""Which column holds the images and which the labels, and what the labels are called.

It reads what a Hugging Face data set declares about its columns; no image is touched.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import datasets  # type: ignore[import-untyped]

from calibrant.datasets.spec import DataSpec
from calibrant.errors import DataUnavailable


@dataclass(frozen=True)
class Columns:
    """The names of the columns to read.

    Attributes
    ----------
    image, label : str
        Column of the images, column of their classes.
    """

    image: str
    label: str


def find_columns(features: datasets.Features, spec: DataSpec) -> Columns:
    """Return the columns that `spec` names, or else the only image column and the only class column.

    Parameters
    ----------
    features : datasets.Features
        The columns of a data set with their types.
    spec : DataSpec
        Its `image_column` and `label_column` decide where they are given.

    Raises
    ------
    DataUnavailable
        A column that is not there; none, or several, that could be meant.
    """
    return Columns(
        image=_column(features, spec.image_column, datasets.Image, "image"),
        label=_column(features, spec.label_column, datasets.ClassLabel, "label"),
    )


def label_names(features: datasets.Features, column: str, values: Sequence[object]) -> tuple[str, ...]:
    """Return the names of the classes: the declared ones, or else the values that occur, sorted.

    Parameters
    ----------
    features : datasets.Features
        The columns with their types.
    column : str
        The column of labels.
    values : sequence
        All its values.
    """
    feature = features[column]
    if isinstance(feature, datasets.ClassLabel):
        return tuple(feature.names)
    distinct = {value for value in values if value is not None}
    return tuple(str(value) for value in sorted(distinct, key=_numbers_by_size))


def label_numbers(
    features: datasets.Features, column: str, values: Sequence[object], names: Sequence[str]
) -> list[int]:
    """Return the labels as positions in `names`; arguments as in `label_names`.

    Raises
    ------
    DataUnavailable
        A row has no label.
    """
    declared = isinstance(features[column], datasets.ClassLabel)
    number = {str(index) if declared else name: index for index, name in enumerate(names)}
    for row, value in enumerate(values):
        if value is None or str(value) not in number:
            raise DataUnavailable(
                f"row {row} has no label: its column {column!r} holds {value!r}. "
                "Use data in which every row is labelled."
            )
    return [number[str(value)] for value in values]


def _numbers_by_size(value: object) -> tuple[float, str]:
    return (float(value), "") if isinstance(value, int | float) else (float("inf"), str(value))


def _column(features: datasets.Features, named: str | None, kind: type, role: str) -> str:
    present = ", ".join(features)
    if named is not None:
        if named not in features:
            raise DataUnavailable(f"data.{role}_column is {named!r}; the data set has the columns {present}.")
        return named
    found: list[str] = [name for name, feature in features.items() if isinstance(feature, kind)]
    if len(found) == 1:
        return found[0]
    number = f"several declare that they do ({', '.join(found)})" if found else "none declares that it does"
    raise DataUnavailable(
        f"which column holds the {role}s? Of the columns {present}, {number}. Set data.{role}_column."
    )
