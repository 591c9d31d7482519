"""What goes into a file and comes out of it, compared with what its metadata say."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Final

from calibrant.errors import UnreadableFile
from calibrant.exported.facts import ModelFacts
from calibrant.exported.inputs import DTYPES

OUTPUT: Final = "probabilities"
"""Name of what comes out; what goes in is named as `ModelFacts.takes`."""


@dataclass(frozen=True, slots=True)
class Input:
    """What a graph takes.

    Attributes
    ----------
    name : str
        Its name.
    dtype : str
        Type of its numbers, as NumPy calls it.
    row : tuple of int or str
        Shape of one row; a text where it may be any number.
    """

    name: str
    dtype: str
    row: tuple[int | str, ...]


def check_ends(inputs: list[Input], outputs: list[str], facts: ModelFacts, path: Path) -> None:
    """Raise `UnreadableFile` unless what goes in and comes out is what the metadata say."""
    if [each.name for each in inputs] != [facts.takes] or OUTPUT not in outputs:
        raise UnreadableFile(
            f"{path} is damaged: it should take {facts.takes!r} and give {OUTPUT!r}, and it takes "
            f"{', '.join(each.name for each in inputs)} and gives {', '.join(outputs)}. Export it again."
        )
    found, wanted = inputs[0], Input(facts.takes, DTYPES[facts.takes].__name__, facts.row_shape)
    if found != wanted:
        raise UnreadableFile(
            f"{path} is damaged: its metadata say that it takes {_words(wanted)}, and its graph takes "
            f"{_words(found)}. Export it again."
        )


def _words(end: Input) -> str:
    return f"{end.dtype} of the shape (n, {', '.join(map(str, end.row))})"
