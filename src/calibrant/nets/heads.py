"""Heads: how many logits a network ends in, the loss they are trained with, and the class they stand for.

A head holds no weights; the last layer belongs to the network.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal, Protocol

from torch import Tensor
from torch.nn.functional import binary_cross_entropy_with_logits, cross_entropy

from calibrant.errors import InvalidArgument

HeadName = Literal["softmax", "sigmoid"]


class Head(Protocol):
    """What training needs to know about the logits of a network."""

    @property
    def name(self) -> HeadName:
        """The head's name in a `NetSpec`."""

    @property
    def outputs(self) -> int:
        """Number of logits per image."""

    def loss(self, logits: Tensor, labels: Tensor) -> Tensor:
        """Return the mean negative log-likelihood of `labels` (n,) in nats, a scalar."""

    def predicted(self, logits: Tensor) -> Tensor:
        """Return the most probable class of each row of `logits`, (n,)."""


@dataclass(frozen=True)
class SoftmaxHead:
    """One logit per class, trained with cross-entropy.

    Parameters
    ----------
    outputs : int
        Number of classes k, and of logits.
    """

    outputs: int
    name: Literal["softmax"] = "softmax"

    def loss(self, logits: Tensor, labels: Tensor) -> Tensor:
        """Return the mean cross-entropy of `logits` (n, k) against `labels` (n,)."""
        return cross_entropy(logits, labels)

    def predicted(self, logits: Tensor) -> Tensor:
        """Return the class with the greatest logit of each row."""
        return logits.argmax(dim=1)


@dataclass(frozen=True)
class SigmoidHead:
    """A single logit z for two classes, P(class 1) = σ(z), trained with binary cross-entropy."""

    outputs: int = 1
    name: Literal["sigmoid"] = "sigmoid"

    def loss(self, logits: Tensor, labels: Tensor) -> Tensor:
        """Return the mean binary cross-entropy of `logits` (n, 1) against `labels` (n,) in {0, 1}."""
        return binary_cross_entropy_with_logits(logits.squeeze(1), labels.to(logits.dtype))

    def predicted(self, logits: Tensor) -> Tensor:
        """Return 1 where the logit is positive, else 0."""
        return (logits.squeeze(1) > 0).long()


def head_named(name: HeadName, *, classes: int) -> Head:
    """Return the head called `name` for a number of classes.

    Parameters
    ----------
    name : {"softmax", "sigmoid"}
        The head of a `NetSpec`.
    classes : int
        Number of classes k, at least 2.

    Raises
    ------
    InvalidArgument
        Fewer than two classes, or a sigmoid head for more than two.

    Examples
    --------
    >>> head_named("softmax", classes=10).outputs
    10
    >>> head_named("sigmoid", classes=2).outputs
    1
    """
    if classes < 2:
        raise InvalidArgument(f"a classifier needs at least 2 classes; got {classes}. Check data.classes.")
    if name == "softmax":
        return SoftmaxHead(outputs=classes)
    if classes != 2:
        raise InvalidArgument(
            f"the sigmoid head separates exactly 2 classes; the data have {classes}. "
            'Use net.head = "softmax", or choose two classes with data.classes.'
        )
    return SigmoidHead()
