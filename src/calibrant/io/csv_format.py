"""CSV with a header: `labels`, and `logit_0…` or `prob_0…`, or one `logit` or `prob` for the positive class.

Rows that several annotators labelled have `count_0…` in place of `labels`. Rows of the top label alone have
`confidence` with `correct`, or with `prediction` and `labels`. Class names, which CSV has no place for, stand
as a JSON list in the first row of a column `classes`.
"""

from __future__ import annotations

import csv
import json
import re
from itertools import chain, repeat
from pathlib import Path
from typing import Any, ClassVar, final

import numpy as np

from calibrant._typing import Kind, Scores
from calibrant.errors import UnreadableFile
from calibrant.io.csv_columns import (
    integers_if_all,
    label_column,
    parse_class_names,
    parse_outcomes,
    read_header,
    read_numbers,
    read_text,
    readable,
    whole_numbers,
)
from calibrant.io.format import AnyRaw, ReadOptions
from calibrant.io.soft_label import COUNT_PREFIX, counts_key
from calibrant.io.top_label import only_top_label, top_label_arrays, top_label_keys
from calibrant.predictions import (
    AnyPredictions,
    RawPredictions,
    RawSoftLabel,
    RawTopLabel,
    SoftLabelPredictions,
    TopLabelPredictions,
)

_PREFIXES: dict[str, Kind] = {"logit": "logits", "prob": "probs"}
_TEXT_COLUMNS = ("groups", "ids", "classes")


@final
class CsvFormat:
    """Comma-separated text, UTF-8, one row a line; numbers are written so that they read back exactly."""

    suffix: ClassVar[str] = ".csv"

    def read(self, path: Path, options: ReadOptions) -> AnyRaw:
        """Read the columns that are predictions, and name the others."""
        with readable(path):
            header = read_header(path)
            if only_top_label(header, options) and not _has_scores(header, path):
                return _read_top_label(path, header, options)
            return _read_scores(path, header, options)

    def write(self, path: Path, predictions: AnyPredictions) -> None:
        """Write k columns of scores, or the confidence; values read back as the same numbers, in float64."""
        table = _table(predictions)
        for name in ("sample_weight", "groups", "ids"):
            column = getattr(predictions, name)
            if column is not None:
                table[name] = column.tolist()
        if predictions.classes is not None:
            table["classes"] = chain([json.dumps(predictions.classes, ensure_ascii=False)], repeat(""))
        with path.open("w", encoding="utf-8", newline="") as handle:
            csv.writer(handle, lineterminator="\n").writerow(table)
            writer = csv.writer(handle, lineterminator="\n", quoting=_quoting(predictions))
            writer.writerows(zip(*table.values(), strict=False))


def _read_scores(path: Path, header: list[str], options: ReadOptions) -> RawPredictions | RawSoftLabel:
    score_columns, kind = _score_columns(header, path, options)
    prefix = counts_key(header, COUNT_PREFIX, options)
    counts = [] if prefix is None else _columns_of(prefix, header, path)
    if options.counts_key is not None and not counts:
        raise UnreadableFile(
            f"{path} has no columns {prefix}_0… (its columns: {', '.join(header[:20])}): check --counts-key."
        )
    if counts:
        return _read_counts(path, header, score_columns, counts, kind)
    label = label_column(header, path, options)
    weight = [header.index("sample_weight")] if "sample_weight" in header else []
    numbers = read_numbers(path, [*score_columns, label, *weight])
    scores = numbers[:, : len(score_columns)]
    return RawPredictions(
        scores=scores[:, 0] if len(score_columns) == 1 else scores,
        kind=kind,
        labels=whole_numbers(numbers[:, len(score_columns)], path),
        sample_weight=numbers[:, -1] if weight else None,
        ignored=_others(header, {*score_columns, label, *weight}),
        source=str(path),
        **_described(path, header),
    )


def _read_counts(
    path: Path, header: list[str], scores: list[int], counts: list[int], kind: Kind
) -> RawSoftLabel:
    weight = [header.index("sample_weight")] if "sample_weight" in header else []
    numbers = read_numbers(path, [*scores, *counts, *weight])
    return RawSoftLabel(
        scores=numbers[:, 0] if len(scores) == 1 else numbers[:, : len(scores)],
        kind=kind,
        counts=numbers[:, len(scores) : len(scores) + len(counts)],
        sample_weight=numbers[:, -1] if weight else None,
        ignored=_others(header, {*scores, *counts, *weight}),
        source=str(path),
        **_described(path, header),
    )


def _read_top_label(path: Path, header: list[str], options: ReadOptions) -> RawTopLabel:
    found = {field: header.index(key) for field, key in top_label_keys(header, path, options).items()}
    numeric = [name for name in ("confidence", "prediction", "labels") if name in found]
    weight = [header.index("sample_weight")] if "sample_weight" in header else []
    numbers = read_numbers(path, [*(found[name] for name in numeric), *weight])
    classes: dict[str, Any] = {
        name: whole_numbers(numbers[:, index], path) for index, name in enumerate(numeric) if index
    }
    correct = None
    if "correct" in found:
        correct = parse_outcomes(read_text(path, found["correct"]), path)
    return RawTopLabel(
        confidence=numbers[:, 0],
        correct=correct,
        sample_weight=numbers[:, -1] if weight else None,
        ignored=_others(header, {*found.values(), *weight}),
        source=str(path),
        **classes,
        **_described(path, header),
    )


def _described(path: Path, header: list[str]) -> dict[str, Any]:
    text = {name: read_text(path, header.index(name)) for name in _TEXT_COLUMNS if name in header}
    names = text.pop("classes", None)
    return {
        "classes": None if names is None else parse_class_names(names[0], path),
        "groups": integers_if_all(text.get("groups")),
        "ids": integers_if_all(text.get("ids")),
    }


def _others(header: list[str], used: set[int]) -> tuple[str, ...]:
    return tuple(name for index, name in enumerate(header) if index not in used and name not in _TEXT_COLUMNS)


def _table(predictions: AnyPredictions) -> dict[str, Any]:
    if isinstance(predictions, TopLabelPredictions):
        return {name: (1 * array).tolist() for name, array in top_label_arrays(predictions).items()}
    scores = _numbered("logit" if predictions.kind == "logits" else "prob", predictions.scores)
    if isinstance(predictions, SoftLabelPredictions):
        return {**_numbered(COUNT_PREFIX, predictions.counts), **scores}
    return {"labels": predictions.labels.tolist(), **scores}


def _numbered(prefix: str, columns: Scores) -> dict[str, Any]:
    values = columns.T.astype(np.float64).tolist()
    return {f"{prefix}_{index}": column for index, column in enumerate(values)}


def _quoting(predictions: AnyPredictions) -> Any:
    # The writer's least quoting leaves a carriage return bare, which readers take for the end of the row.
    text = [column for column in (predictions.groups, predictions.ids) if column is not None]
    bare = any("\r" in value for column in text if column.dtype.kind == "U" for value in column.tolist())
    return csv.QUOTE_NONNUMERIC if bare else csv.QUOTE_MINIMAL


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


def _has_scores(header: list[str], path: Path) -> bool:
    return any(_columns_of(prefix, header, path) for prefix in _PREFIXES)


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
