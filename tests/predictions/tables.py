"""Rows cut into parts, and an engine that sends its work through pickle, as to another process."""

from __future__ import annotations

import pickle
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import Any

import numpy as np

from calibrant.engine import Engine, LocalEngine, Part
from calibrant.predictions import Predictions, Table, Whole


class Posting(LocalEngine):
    """Sends all work through pickle."""

    def over_parts(self, work: Any, parts: Sequence[Part[Any]]) -> Iterator[Any]:
        return super().over_parts(pickle.loads(pickle.dumps(work)), parts)


@dataclass(frozen=True)
class Stored:
    """A part that is read whenever it is needed: nothing that is made of it may be kept."""

    rows: Predictions

    def read(self) -> Predictions:
        return self.rows


def in_parts(
    rows: Predictions, *ends: int, engine: Engine | None = None, part: type[Stored] | type[Whole] = Stored
) -> Table:
    """Cut rows where they are told to."""
    borders = [0, *ends, rows.n]
    parts = [part(rows.take(np.arange(a, b))) for a, b in pairwise(borders)]
    return Table(parts, rows.k, engine or Posting(1))
