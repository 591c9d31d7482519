"""Predictions as a file or a caller gave them, before any check.

Readers return this form; `Predictions.from_raw` is the check.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from calibrant._typing import Kind


@dataclass(frozen=True, eq=False)
class RawPredictions:
    """Unchecked predictions.

    Attributes
    ----------
    scores : array
        Logits or probabilities, (n, k), (n, 1) or (n,).
    kind : {"logits", "probs"}
        What the scores are. Never guessed.
    labels : array, (n,)
        True classes.
    classes : sequence of str, optional
        Names of the k classes.
    sample_weight, groups, ids : array, (n,), optional
        Weight, subgroup and identifier of each row.
    ignored : tuple of str
        What the source held besides, and nobody read.
    source : str, optional
        Where the rows came from, for messages.
    """

    scores: NDArray[Any]
    kind: Kind
    labels: NDArray[Any]
    classes: tuple[str, ...] | None = None
    sample_weight: NDArray[Any] | None = None
    groups: NDArray[Any] | None = None
    ids: NDArray[Any] | None = None
    ignored: tuple[str, ...] = ()
    source: str | None = None

    def __post_init__(self) -> None:
        object.__setattr__(self, "scores", np.asarray(self.scores))
        object.__setattr__(self, "labels", np.asarray(self.labels))
