"""Which field of the predictions is where in a file, and predictions built from the values that were there.

The names come from a file's arrays (`named_arrays`) or from the columns of a table (`columns`).
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, final

from calibrant._typing import Kind
from calibrant.io.format import AnyRaw, Schema
from calibrant.io.place import Place
from calibrant.predictions import RawPredictions, RawSoftLabel, RawTopLabel


@final
@dataclass(frozen=True, slots=True)
class Found:
    """Where a file keeps what.

    Attributes
    ----------
    fields : dict
        By field of the predictions, such as `labels`: the arrays or columns that hold it.
    kind : {"logits", "probs"}, optional
        What the scores are; None where there is only the top label's confidence.
    ignored : tuple of str
        What the file holds besides.
    """

    fields: dict[str, tuple[str, ...]]
    kind: Kind | None
    ignored: tuple[str, ...]

    def rows(self, values: dict[str, Any], classes: tuple[str, ...] | None, place: Place) -> AnyRaw:
        """Build predictions of the values of every field."""
        described: dict[str, Any] = {"classes": classes, "ignored": self.ignored, "source": str(place)}
        if self.kind is None:
            return RawTopLabel(**values, **described)
        if "counts" in self.fields:
            return RawSoftLabel(kind=self.kind, **values, **described)
        return RawPredictions(kind=self.kind, **values, **described)

    def schema(
        self,
        k: int | None,
        classes: tuple[str, ...] | None,
        *,
        text: tuple[str, ...] = (),
        types: tuple[str, ...] = (),
    ) -> Schema:
        """Return what the file holds besides the values."""
        return Schema(tuple(sorted(self.fields)), self.kind, k, classes, text, types)
