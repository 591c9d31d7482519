"""`Head`: what the formulas of all calibrators share as modules."""

from __future__ import annotations

from collections.abc import Callable
from typing import Self

from torch import Tensor, nn


class Head(nn.Module):
    """A module whose numbers stay float64: it follows its network to another device, not to another type."""

    def _apply(self, fn: Callable[[Tensor], Tensor], recurse: bool = True) -> Self:
        def moved(numbers: Tensor) -> Tensor:
            return numbers.to(fn(numbers).device)

        applied: Self = super()._apply(moved, recurse)  # type: ignore[no-untyped-call]
        return applied


class Around(Head):
    """A head that changes what goes into another, or what comes out of it.

    Parameters
    ----------
    head : nn.Module
        From logits to probabilities.
    """

    def __init__(self, head: nn.Module) -> None:
        super().__init__()
        self.head = head
