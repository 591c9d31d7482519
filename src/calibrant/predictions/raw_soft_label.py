"""Predictions with counts of annotators as a file or a caller gave them, before any check.

Readers return this form; `SoftLabelPredictions.from_raw` is the check.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, final

from numpy.typing import NDArray

from calibrant._typing import Kind


@final
@dataclass(frozen=True, eq=False)
class RawSoftLabel:
    """Unchecked predictions with counts of annotators.

    Attributes
    ----------
    scores : array
        Logits or probabilities, (n, k), (n, 1) or (n,).
    kind : {"logits", "probs"}
        What the scores are. Never guessed.
    counts : array, (n, k)
        How many annotators chose each class, or their shares.
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
    counts: NDArray[Any]
    classes: tuple[str, ...] | None = None
    sample_weight: NDArray[Any] | None = None
    groups: NDArray[Any] | None = None
    ids: NDArray[Any] | None = None
    ignored: tuple[str, ...] = ()
    source: str | None = None
