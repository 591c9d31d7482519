"""What a file format is: a suffix, a reader that checks nothing but the form, a writer, and cuts into spans.

What a file holds besides its rows is a `Schema`: the parts of one set must agree on it.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Protocol, final

import numpy as np

from calibrant._typing import Kind
from calibrant.engine import ROWS_PER_BLOCK
from calibrant.errors import EmptyPredictions, InvalidArgument, UnreadableFile
from calibrant.io.place import Place
from calibrant.predictions import AnyPredictions, RawPredictions, RawSoftLabel, RawTopLabel

LABEL_KEYS = ("labels", "label")

AnyRaw = RawPredictions | RawSoftLabel | RawTopLabel


def rows_of(raw: AnyRaw) -> int:
    """Return how many rows were read; none where they are no rows, which is said when they are checked."""
    shape = np.shape(raw.confidence if isinstance(raw, RawTopLabel) else raw.scores)
    return shape[0] if shape else 0


def classes_of(raw: AnyRaw) -> int | None:
    """Return how many columns of scores were read; None where there are none such."""
    shape = () if isinstance(raw, RawTopLabel) else np.shape(raw.scores)
    return shape[1] if len(shape) == 2 else None


"""What a file of predictions may hold, unchecked."""

Append = Callable[[AnyPredictions], None]
"""Adds rows to a file that is being written."""


@dataclass(frozen=True, slots=True)
class ReadOptions:
    """How to read files that others wrote.

    Attributes
    ----------
    scores_key : str, optional
        The array or column prefix that holds the scores, instead of `logits` or `probs`.
    label_key : str, optional
        The array or column that holds the true classes, instead of `labels`.
    kind : {"logits", "probs"}, optional
        What the scores are. By default what their key says; scores under another key are logits.
    counts_key : str, optional
        The array or column prefix that holds counts of annotators, to be read instead of labels.
    """

    scores_key: str | None = None
    label_key: str | None = None
    kind: Kind | None = None
    counts_key: str | None = None

    def __post_init__(self) -> None:
        if self.kind not in (None, "logits", "probs"):
            raise InvalidArgument(f"kind must be 'logits' or 'probs'; got {self.kind!r}.")
        if self.counts_key is not None and self.label_key is not None:
            raise InvalidArgument("rows have one label each or counts of annotators: name one key, not both.")


@final
@dataclass(frozen=True, slots=True)
class Schema:
    """What a file holds besides the values of its rows.

    Attributes
    ----------
    columns : tuple of str
        What each row has: names of fields of the predictions, sorted.
    kind : {"logits", "probs"}, optional
        What the scores are; None where there is only the top label's confidence.
    k : int, optional
        Number of classes; None where nothing says it.
    classes : tuple of str, optional
        Names of the classes.
    text : tuple of str
        Which of `groups` and `ids` are text rather than whole numbers, where the format itself does not say.
    types : tuple of str
        The types of scores, `groups` and `ids`, where a set may have several parts.
    """

    columns: tuple[str, ...]
    kind: Kind | None
    k: int | None
    classes: tuple[str, ...] | None
    text: tuple[str, ...] = ()
    types: tuple[str, ...] = ()


@final
@dataclass(frozen=True, slots=True)
class Span:
    """Rows `start` to `stop - 1` of a file; where a format finds rows by bytes, those that hold them."""

    start: int
    stop: int
    first_byte: int | None = None
    last_byte: int | None = None


@final
@dataclass(frozen=True, slots=True)
class Cut:
    """A file cut into spans that can be read by themselves.

    Attributes
    ----------
    schema : Schema
        What every span has.
    spans : tuple of Span
        All rows, in order.
    ignored : tuple of str
        What the file holds besides, and nobody reads.
    """

    schema: Schema
    spans: tuple[Span, ...]
    ignored: tuple[str, ...]


class Format(Protocol):
    """A file format for predictions."""

    @property
    def suffix(self) -> str:
        """The suffix of its files, with the dot."""
        ...

    def read(self, place: Place, options: ReadOptions) -> AnyRaw:
        """Read a file that exists."""
        ...

    def write(self, path: Path, predictions: AnyPredictions) -> None:
        """Write to a path that nobody else uses."""
        ...

    def cut(self, place: Place, options: ReadOptions, rows: int | None) -> Cut:
        """Cut a file that exists into spans of `rows` rows, by default `rows_at_once`, reading no scores."""
        ...

    def read_span(self, place: Place, options: ReadOptions, schema: Schema, span: Span) -> AnyRaw:
        """Read the rows of one span."""
        ...


_MOST_BYTES, _MOST_ROWS = 64 << 20, 1 << 20
_MOST_SPANS = 10_000_000


def rows_at_once(row_bytes: int) -> int:
    """Return how many rows to read at once: a multiple of 4,096, the rows that sums go by.

    They have at most 64 MiB of scores, and there are at most 1,048,576.

    Examples
    --------
    >>> rows_at_once(4 * 1000)
    16384
    """
    rows = min(_MOST_BYTES // max(row_bytes, 1), _MOST_ROWS)
    return max(rows // ROWS_PER_BLOCK, 1) * ROWS_PER_BLOCK


def even_spans(n: int, rows: int, place: Place) -> tuple[Span, ...]:
    """Return spans of `rows` rows, the last with what is left."""
    if n == 0:
        raise EmptyPredictions(f"{place}: there are no rows.")
    if n // rows > _MOST_SPANS:
        raise UnreadableFile(
            f"{place} says that it has {n:,} rows, which is more than {_MOST_SPANS:,} times {rows:,}. "
            "If that is right, cut it into larger shards; otherwise it is damaged."
        )
    return tuple(Span(start, min(start + rows, n)) for start in range(0, n, rows))
