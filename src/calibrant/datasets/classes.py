"""Which classes are kept and which label each gets.

It works on labels and names alone; the images are picked by the rows it returns.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from difflib import get_close_matches

from calibrant.errors import DataUnavailable
from calibrant.printable import listed


@dataclass(frozen=True)
class Labelling:
    """The rows to keep and their labels.

    Attributes
    ----------
    rows : list of int
        Indices of the rows to keep, ascending.
    labels : list of int
        Their labels, in 0..k−1 of the classes that were asked for.
    """

    rows: list[int]
    labels: list[int]


def keep_classes(labels: Sequence[int], names: Sequence[str], wanted: Sequence[str]) -> Labelling:
    """Keep the rows of the `wanted` classes and number these classes in that order.

    Parameters
    ----------
    labels : sequence of int
        Labels in the numbering of `names`.
    names : sequence of str
        All classes of the source.
    wanted : sequence of str
        Classes to keep; the first becomes label 0.

    Raises
    ------
    DataUnavailable
        A class that the source does not have, or one named twice.

    Examples
    --------
    >>> keep_classes([2, 0, 1, 0], ["cat", "dog", "bird"], ["bird", "cat"])
    Labelling(rows=[0, 1, 3], labels=[0, 1, 1])
    """
    number: dict[int, int] = {}
    for position, name in enumerate(wanted):
        if name not in names:
            raise DataUnavailable(_no_such_class(name, names))
        if names.index(name) in number:
            raise DataUnavailable(f"data.classes names the class {name!r} twice; name each once.")
        number[names.index(name)] = position
    rows = [row for row, label in enumerate(labels) if label in number]
    return Labelling(rows, [number[labels[row]] for row in rows])


def _no_such_class(name: str, names: Sequence[str]) -> str:
    nearest = get_close_matches(name, names, n=1)
    known = listed(names)
    hint = f"Did you mean {nearest[0]!r}?" if nearest else f"It has: {known}."
    return f"the data set has no class {name!r}. {hint}"
