"""What a file format is: a suffix, a reader that checks nothing but the form, and a writer."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import ClassVar, Protocol

from calibrant._typing import Kind
from calibrant.errors import InvalidArgument
from calibrant.predictions import AnyPredictions, RawPredictions, RawSoftLabel, RawTopLabel

LABEL_KEYS = ("labels", "label")

AnyRaw = RawPredictions | RawSoftLabel | RawTopLabel
"""What a file of predictions may hold, unchecked."""


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


class Format(Protocol):
    """A file format for predictions."""

    suffix: ClassVar[str]

    def read(self, path: Path, options: ReadOptions) -> AnyRaw:
        """Read a file that exists."""
        ...

    def write(self, path: Path, predictions: AnyPredictions) -> None:
        """Write to a path that nobody else uses."""
        ...
