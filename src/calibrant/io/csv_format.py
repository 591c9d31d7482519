"""CSV with a header: `labels`, and `logit_0…` or `prob_0…`, or one `logit` or `prob` for the positive class.

Class names, which CSV has no place for, stand as a JSON list in the first row of a column `classes`.
"""

from __future__ import annotations

import csv
import json
import re
import warnings
from collections.abc import Iterator
from contextlib import contextmanager
from itertools import chain, repeat
from pathlib import Path
from typing import Any, ClassVar, final

import numpy as np
from numpy.typing import NDArray

from calibrant._typing import Kind
from calibrant.errors import UnreadableFile
from calibrant.io.format import LABEL_KEYS, ReadOptions
from calibrant.predictions import Predictions, RawPredictions

_PREFIXES: dict[str, Kind] = {"logit": "logits", "prob": "probs"}
_TEXT_COLUMNS = ("groups", "ids", "classes")
_LARGEST_WHOLE = 2.0**53


@final
class CsvFormat:
    """Comma-separated text, UTF-8, one row a line; numbers are written so that they read back exactly."""

    suffix: ClassVar[str] = ".csv"

    def read(self, path: Path, options: ReadOptions) -> RawPredictions:
        """Read the columns that are predictions, and name the others."""
        with _readable(path):
            header = _header(path)
            score_columns, kind = _score_columns(header, path, options)
            label = _label_column(header, path, options)
            weight = [header.index("sample_weight")] if "sample_weight" in header else []
            numbers = _numbers(path, [*score_columns, label, *weight])
            text = {name: _text(path, header.index(name)) for name in _TEXT_COLUMNS if name in header}
        names = text.pop("classes", None)
        scores = numbers[:, : len(score_columns)]
        used = {
            *score_columns,
            label,
            *weight,
            *(header.index(name) for name in _TEXT_COLUMNS if name in header),
        }
        return RawPredictions(
            scores=scores[:, 0] if len(score_columns) == 1 else scores,
            kind=kind,
            labels=_whole(numbers[:, len(score_columns)], path),
            classes=None if names is None else _class_names(names[0], path),
            sample_weight=numbers[:, -1] if weight else None,
            groups=_integers_if_all(text.get("groups")),
            ids=_integers_if_all(text.get("ids")),
            ignored=tuple(name for index, name in enumerate(header) if index not in used),
            source=str(path),
        )

    def write(self, path: Path, predictions: Predictions) -> None:
        """Write k columns of scores; values read back as the same numbers, in float64."""
        prefix = "logit" if predictions.kind == "logits" else "prob"
        header = ["labels", *(f"{prefix}_{index}" for index in range(predictions.k))]
        columns: list[Any] = [predictions.labels.tolist(), *predictions.scores.T.astype(np.float64).tolist()]
        for name in ("sample_weight", "groups", "ids"):
            column = getattr(predictions, name)
            if column is not None:
                header.append(name)
                columns.append(column.tolist())
        if predictions.classes is not None:
            header.append("classes")
            columns.append(chain([json.dumps(predictions.classes, ensure_ascii=False)], repeat("")))
        with path.open("w", encoding="utf-8", newline="") as handle:
            csv.writer(handle, lineterminator="\n").writerow(header)
            writer = csv.writer(handle, lineterminator="\n", quoting=_quoting(predictions))
            writer.writerows(zip(*columns, strict=False))


def _quoting(predictions: Predictions) -> Any:
    # The writer's least quoting leaves a carriage return bare, which readers take for the end of the row.
    text = [column for column in (predictions.groups, predictions.ids) if column is not None]
    bare = any("\r" in value for column in text if column.dtype.kind == "U" for value in column.tolist())
    return csv.QUOTE_NONNUMERIC if bare else csv.QUOTE_MINIMAL


@contextmanager
def _readable(path: Path) -> Iterator[None]:
    try:
        yield
    except (UnicodeDecodeError, csv.Error, ValueError) as error:
        raise UnreadableFile(f"{path} is not a readable CSV file of predictions: {error}") from error


def _header(path: Path) -> list[str]:
    with path.open(encoding="utf-8-sig", newline="") as handle:
        header = next(csv.reader(handle), [])
    if len(header) == 1 and (other := re.search("[;\t]", header[0])):
        raise UnreadableFile(f"{path} has columns separated by {other[0]!r}; separate them by commas.")
    names = [name.strip() for name in header]
    twice = {name for name in names if names.count(name) > 1}
    if twice:
        raise UnreadableFile(f"{path} has the column {sorted(twice)[0]!r} twice.")
    return names


def _score_columns(header: list[str], path: Path, options: ReadOptions) -> tuple[list[int], Kind]:
    prefixes = _PREFIXES if options.scores_key is None else {options.scores_key: options.kind or "logits"}
    found = {prefix: columns for prefix in prefixes if (columns := _columns_of(prefix, header, path))}
    if len(found) == 2 and options.kind is not None:
        found = {prefix: columns for prefix, columns in found.items() if prefixes[prefix] == options.kind}
    if len(found) == 2:
        raise UnreadableFile(f"{path} has columns of logits and of probs: choose with --kind.")
    if not found:
        raise UnreadableFile(
            f"{path} has no columns {' or '.join(f'{prefix}_0…' for prefix in prefixes)} "
            f"(its columns: {', '.join(header[:20]) or 'none'}). Name their common start with --logits-key."
        )
    prefix, columns = found.popitem()
    return columns, options.kind or prefixes[prefix]


def _columns_of(prefix: str, header: list[str], path: Path) -> list[int]:
    numbered = {
        int(match[1]): index
        for index, name in enumerate(header)
        if (match := re.fullmatch(rf"{re.escape(prefix)}_([0-9]{{1,9}})", name))
    }
    if numbered:
        missing = next((number for number in range(len(numbered)) if number not in numbered), None)
        if missing is not None:
            raise UnreadableFile(
                f"{path} has columns up to {prefix}_{max(numbered)} but no {prefix}_{missing}."
            )
        return [numbered[number] for number in range(len(numbered))]
    return [header.index(prefix)] if prefix in header else []


def _label_column(header: list[str], path: Path, options: ReadOptions) -> int:
    wanted = (options.label_key,) if options.label_key is not None else LABEL_KEYS
    for name in wanted:
        if name in header:
            return header.index(name)
    raise UnreadableFile(
        f"{path} has no column {wanted[0]!r} (its columns: {', '.join(header[:20])}). "
        "Name the column of true classes with --label-key."
    )


def _numbers(path: Path, columns: list[int]) -> NDArray[np.float64]:
    with path.open(encoding="utf-8-sig", newline="") as handle:
        next(csv.reader(handle))
        with warnings.catch_warnings():
            warnings.filterwarnings("ignore", message=".*input contained no data", category=UserWarning)
            numbers = np.loadtxt(
                handle, delimiter=",", quotechar='"', comments=None, usecols=columns, ndmin=2
            )
    if numbers.shape[0] == 0:
        raise UnreadableFile(f"{path} has a header but no rows.")
    return numbers


def _text(path: Path, column: int) -> list[str]:
    with path.open(encoding="utf-8-sig", newline="") as handle:
        reader = csv.reader(handle, strict=True)
        next(reader)
        rows = [row for row in reader if row]
    short = next((number for number, row in enumerate(rows) if len(row) <= column), None)
    if short is not None:
        raise UnreadableFile(f"{path}: row {short} has {len(rows[short])} columns, too few. Is it cut off?")
    return [row[column] for row in rows]


def _whole(labels: NDArray[np.float64], path: Path) -> NDArray[np.int64]:
    broken = ~((np.abs(labels) <= _LARGEST_WHOLE) & (labels == np.floor(labels)))
    if broken.any():
        row = int(np.argmax(broken))
        raise UnreadableFile(f"{path}: labels must be whole numbers; got {labels[row]} at row {row}.")
    return labels.astype(np.int64)


def _class_names(text: str, path: Path) -> tuple[str, ...]:
    try:
        names = json.loads(text)
    except ValueError as error:
        raise UnreadableFile(f"{path}: the column 'classes' must start with a JSON list of names.") from error
    if not isinstance(names, list) or not all(isinstance(name, str) for name in names):
        raise UnreadableFile(f"{path}: the column 'classes' must start with a JSON list of names.")
    return tuple(names)


def _integers_if_all(values: list[str] | None) -> NDArray[Any] | None:
    if values is None:
        return None
    if all(re.fullmatch(r"-?(0|[1-9][0-9]{0,17})", value) for value in values):
        return np.array([int(value) for value in values], dtype=np.int64)
    return np.array(values, dtype=np.str_)
