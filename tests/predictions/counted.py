"""Parts that count how often they are read."""

from __future__ import annotations

from dataclasses import dataclass
from itertools import pairwise

import numpy as np

from calibrant.engine import Engine, LocalEngine
from calibrant.predictions import Predictions, Table


@dataclass(eq=False)
class Counted:
    """A part that counts how often it is read."""

    rows: Predictions
    reads: int = 0

    def read(self) -> Predictions:
        """Count, and return the rows."""
        self.reads += 1
        return self.rows


def counted(rows: Predictions, *ends: int, engine: Engine | None = None) -> tuple[Table, list[Counted]]:
    """Cut rows where they are told to."""
    borders = [0, *ends, rows.n]
    parts = [Counted(rows.take(np.arange(a, b))) for a, b in pairwise(borders)]
    return Table(parts, rows.k, engine or LocalEngine(1)), parts
