"""The columns of a CSV file, read one kind at a time: numbers, whole numbers, text, outcomes.

What the columns mean is up to the callers. Rows are counted from the first that is read.
"""

from __future__ import annotations

import csv
import re
import warnings
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from io import BytesIO, TextIOWrapper
from typing import Any, TextIO, final

import numpy as np
from numpy.typing import NDArray

from calibrant._typing import Booleans
from calibrant.errors import CalibrantError, UnreadableFile
from calibrant.io.format import Span
from calibrant.io.place import Place
from calibrant.printable import shown

_LARGEST_WHOLE = 2.0**53
_OUTCOMES = {"1": True, "0": False, "true": True, "false": False, "1.0": True, "0.0": False}
_WHOLE = re.compile(r"-?(0|[1-9][0-9]{0,17})")


@contextmanager
def readable(place: Place) -> Iterator[None]:
    """Turn what goes wrong in reading text into `UnreadableFile`, with the row where NumPy names it."""
    try:
        yield
    except CalibrantError:
        raise
    except UnicodeDecodeError as error:
        byte = error.object[error.start]
        raise UnreadableFile(
            f"{place} is not a readable CSV file of predictions: it is no text in UTF-8 (byte 0x{byte:02x}). "
            "Save it as UTF-8, without compression."
        ) from error
    except csv.Error as error:
        raise UnreadableFile(
            f"{place} is not a readable CSV file of predictions: {error}. Is a quotation mark left open, or "
            "the file cut off?"
        ) from error
    except (ValueError, OverflowError, MemoryError) as error:
        text, row = str(error), None
        if (named := re.search(r"(.*)at row ([0-9]+)(.*)", text, re.DOTALL)) is not None:
            text, row = f"{named[1]}at row {{row}}{named[3]}", int(named[2])
        raise UnreadableFile(f"{place} is not a readable CSV file of predictions: {text}", row=row) from error


@final
@dataclass(frozen=True, slots=True)
class Cells:
    """The rows behind the header, or those of one span.

    Attributes
    ----------
    place : Place
        The file.
    names : tuple of str
        The names of its columns.
    span : Span, optional
        Which bytes hold the rows; by default all behind the header.
    """

    place: Place
    names: tuple[str, ...]
    span: Span | None = None

    @contextmanager
    def open(self) -> Iterator[TextIO]:
        """Open the text of the rows."""
        with self.place.open() as handle:
            if self.span is None or self.span.first_byte is None or self.span.last_byte is None:
                text = TextIOWrapper(handle, encoding="utf-8-sig", newline="")
                next(csv.reader(text), None)
            else:
                handle.seek(self.span.first_byte)
                content = handle.read(self.span.last_byte - self.span.first_byte)
                text = TextIOWrapper(BytesIO(content), encoding="utf-8", newline="")
            yield text
            text.detach()

    def numbers(self, columns: list[str]) -> NDArray[np.float64]:
        """Return the given columns as float64, (n, columns)."""
        with self.open() as text, warnings.catch_warnings():
            warnings.filterwarnings("ignore", message=".*input contained no data", category=UserWarning)
            index = {name: place for place, name in enumerate(self.names)}
            places = {name: index[name] for name in columns}
            try:
                numbers = np.loadtxt(
                    text, delimiter=",", quotechar='"', comments=None, usecols=list(places.values()), ndmin=2
                )
            except ValueError as error:
                self._find_wrong_cell(places, error)
                raise
        if numbers.shape[0] == 0:
            raise UnreadableFile(f"{self.place} has a header but no rows.")
        return numbers

    def texts(self, column: str) -> Iterator[str]:
        """Give the cells of one column as text, one after the other."""
        index = self.names.index(column)
        for row in self._rows(index):
            yield row[index]

    def _rows(self, last: int) -> Iterator[list[str]]:
        """Give the cells of each row, which reaches to the column `last`."""
        with self.open() as text:
            number = 0
            for row in csv.reader(text, strict=True):
                if not row:
                    continue
                if len(row) <= last:
                    raise UnreadableFile(
                        f"{self.place}: row {{row}} has {len(row)} columns and the header {len(self.names)}. "
                        "Is it cut off?",
                        row=number,
                    )
                yield row
                number += 1

    def _find_wrong_cell(self, places: dict[str, int], error: ValueError) -> None:
        """Raise for the first row that is too short or has a cell that is no number, if there is one."""
        for number, row in enumerate(self._rows(max(places.values()))):
            for column, index in places.items():
                if not _is_number(row[index]):
                    raise UnreadableFile(
                        f"{self.place}: {shown(repr(row[index]))} in row {{row}}, column {column!r}, is no "
                        "number. Scores are numbers, and classes are numbered from 0.",
                        row=number,
                    ) from error


def read_header(place: Place) -> tuple[str, ...]:
    """Return the names of the columns."""
    with place.open() as handle:
        text = TextIOWrapper(handle, encoding="utf-8-sig", newline="")
        rows = csv.reader(text)
        header, first = next(rows, []), next(rows, [])
        text.detach()
    if len(header) == 1 and (other := re.search("[;\t]", header[0])):
        raise UnreadableFile(f"{place} has columns separated by {other[0]!r}; separate them by commas.")
    names = tuple(name.strip() for name in header)
    twice = [name for name, times in Counter(names).items() if times > 1]
    if twice:
        raise UnreadableFile(f"{place} has the column {min(twice)!r} twice.")
    if any(cell.strip() for cell in first[len(names) :]):
        raise UnreadableFile(
            f"{place}: row {{row}} has {len(first)} columns and the header {len(names)}. "
            "Write numbers with decimal points, not commas, and name every column.",
            row=0,
        )
    return names


def whole_numbers(labels: NDArray[np.float64], place: Place) -> NDArray[np.int64]:
    """Return numbers as integers; others than whole ones are refused."""
    broken = ~((np.abs(labels) <= _LARGEST_WHOLE) & (labels == np.floor(labels)))
    if broken.any():
        row = int(np.argmax(broken))
        raise UnreadableFile(
            f"{place}: labels must be whole numbers; got {labels[row]} at row {{row}}.", row=row
        )
    return labels.astype(np.int64)


def _is_number(cell: str) -> bool:
    """Whether it is a number to files: Python's own may have underscores and the digits of any script."""
    try:
        float(cell)
    except ValueError:
        return False
    return "_" not in cell and cell.strip().isascii()


def is_whole(text: str) -> bool:
    """Return whether a cell is a whole number that reads back as the same text."""
    return _WHOLE.fullmatch(text) is not None


def parse_outcomes(texts: list[str], place: Place) -> Booleans:
    """Return the column of a yes or no as booleans."""
    outcomes: list[Any] = [_OUTCOMES.get(text.strip().lower()) for text in texts]
    if None in outcomes:
        row = outcomes.index(None)
        raise UnreadableFile(
            f"{place}: correct must be 1 or 0, or True or False; got {texts[row]!r} at row {{row}}.", row=row
        )
    return np.array(outcomes, dtype=np.bool_)
