"""Which images of a batch a process takes where several train one network.

It knows nothing of how processes talk to each other.
"""

from __future__ import annotations

from dataclasses import dataclass

import torch
from torch import Tensor


@dataclass(frozen=True)
class Share:
    """One process of several.

    Attributes
    ----------
    process, processes : int
        Its number, counted from 0, and how many there are.

    Examples
    --------
    >>> [Share(process, 3).rows(8).tolist() for process in range(3)]
    [[0, 1, 2], [3, 4, 5], [6, 7]]
    """

    process: int = 0
    processes: int = 1

    def rows(self, n: int) -> Tensor:
        """Return its places, int64 and ascending, in a batch of `n` images; shares differ by one at most."""
        return torch.arange(n).tensor_split(self.processes)[self.process]


ALONE = Share()
