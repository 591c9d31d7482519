"""Which columns of a table are predictions: `labels`, and `logit_0…` or `prob_0…`, or one `logit` or `prob`.

Rows that several annotators labelled have `count_0…` in place of `labels`. Rows of the top label alone have
`confidence` with `correct`, or with `prediction` and `labels`. Where a table may hold lists, `logits`,
`probs` and `counts` are columns of them.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import final

from calibrant._typing import Kind
from calibrant.errors import UnreadableFile
from calibrant.io.format import LABEL_KEYS, ReadOptions
from calibrant.io.found import Found
from calibrant.io.named_arrays import PER_ROW
from calibrant.io.place import Place
from calibrant.io.soft_label import COUNT_PREFIX, COUNTS_KEY, counts_key
from calibrant.io.top_label import only_top_label, top_label_keys
from calibrant.printable import listed

_KINDS: dict[str, Kind] = {"logit": "logits", "prob": "probs"}
_KINDS_OF_LISTS: dict[str, Kind] = {"logits": "logits", "probs": "probs"}


@final
@dataclass(frozen=True, slots=True)
class Header:
    """The names of a table's columns.

    Attributes
    ----------
    names : tuple of str
        All of them, in order; they differ.
    place : Place
        The table, for messages.
    lists : frozenset of str
        Those that hold a list in every row.
    """

    names: tuple[str, ...]
    place: Place
    lists: frozenset[str] = frozenset()

    def numbered(self, prefix: str) -> tuple[str, ...]:
        """Return `prefix_0`, `prefix_1`, …, or the one column `prefix`, or nothing."""
        if prefix in self.lists:
            return (prefix,)
        pattern = re.compile(rf"{re.escape(prefix)}_([0-9]{{1,9}})")
        numbered = {int(match[1]): name for name in self.names if (match := pattern.fullmatch(name))}
        if not numbered:
            return (prefix,) if prefix in self.names else ()
        missing = next((number for number in range(len(numbered)) if number not in numbered), None)
        if missing is not None:
            raise UnreadableFile(
                f"{self.place} has columns up to {prefix}_{max(numbered)} but no {prefix}_{missing}."
            )
        return tuple(numbered[number] for number in range(len(numbered)))

    @property
    def listed(self) -> str:
        """The names, for messages."""
        return listed(self.names, 20) or "none"

    @property
    def kinds(self) -> dict[str, Kind]:
        """By name of a column or start of columns: what scores under it are."""
        return _KINDS | {name: kind for name, kind in _KINDS_OF_LISTS.items() if name in self.lists}


def find_columns(header: Header, options: ReadOptions) -> Found:
    """Return which columns are what.

    Raises
    ------
    UnreadableFile
        Columns are missing, or it is not clear which are meant.
    """
    names, place = header.names, header.place
    has_scores = any(header.numbered(prefix) for prefix in header.kinds)
    if only_top_label(names, options) and not has_scores:
        keys = top_label_keys(names, place, options)
        return _found({field: (key,) for field, key in keys.items()}, None, names)
    scores, kind = _scores(header, options)
    prefix = counts_key(names, COUNTS_KEY if COUNTS_KEY in header.lists else COUNT_PREFIX, options)
    counts = () if prefix is None else header.numbered(prefix)
    if options.counts_key is not None and not counts:
        raise UnreadableFile(
            f"{place} has no columns {prefix}_0… (its columns: {header.listed}): check --counts-key."
        )
    if counts:
        return _found({"scores": scores, "counts": counts}, kind, names)
    return _found({"scores": scores, "labels": (_label(header, options),)}, kind, names)


def _found(fields: dict[str, tuple[str, ...]], kind: Kind | None, names: Sequence[str]) -> Found:
    fields = fields | {name: (name,) for name in PER_ROW if name in names}
    known = {"classes", *(name for columns in fields.values() for name in columns)}
    return Found(fields, kind, tuple(name for name in names if name not in known))


def _label(header: Header, options: ReadOptions) -> str:
    wanted = (options.label_key,) if options.label_key is not None else LABEL_KEYS
    for name in wanted:
        if name in header.names:
            return name
    raise UnreadableFile(
        f"{header.place} has no column {wanted[0]!r} (its columns: {header.listed}). "
        "Name the column of true classes with --label-key."
    )


def _scores(header: Header, options: ReadOptions) -> tuple[tuple[str, ...], Kind]:
    kinds = header.kinds if options.scores_key is None else {options.scores_key: options.kind or "logits"}
    found = {prefix: columns for prefix in kinds if (columns := header.numbered(prefix))}
    if len(found) > 1 and options.kind is not None:
        found = {prefix: columns for prefix, columns in found.items() if kinds[prefix] == options.kind}
    if len({kinds[prefix] for prefix in found}) == 2:
        raise UnreadableFile(f"{header.place} has columns of logits and of probs: choose with --kind.")
    if len(found) > 1:
        raise UnreadableFile(
            f"{header.place} has scores in {' and in '.join(found)}: choose with --logits-key."
        )
    if not found:
        raise UnreadableFile(
            f"{header.place} has no columns {' or '.join(f'{prefix}_0…' for prefix in kinds)} "
            f"(its columns: {header.listed}). Name their common start with --logits-key."
        )
    prefix, columns = found.popitem()
    return columns, options.kind or kinds[prefix]


def width_of(columns: tuple[str, ...]) -> int:
    """Return how many classes so many columns of numbers have: one is of the positive class of two."""
    return max(len(columns), 2)
