"""A head for which every logit counts, so that none may be −∞."""

from __future__ import annotations

from typing import final

import torch
from torch import Tensor

from calibrant.deploy.heads.head import Around


@final
class Unmasked(Around):
    """Another head that answers NaN where a logit of the row is infinite.

    A graph refuses nothing by itself; a number would look like a probability where the calibrator has none.
    """

    def forward(self, logits: Tensor) -> Tensor:
        """Return the probabilities (n, k)."""
        finite = logits.abs().amax(dim=1, keepdim=True) < torch.inf
        return torch.where(finite, self.head(logits), torch.nan)
