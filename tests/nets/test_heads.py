"""Heads give the right number of logits, the right loss and the right class."""

from __future__ import annotations

import pytest
import torch

from calibrant.errors import InvalidArgument
from calibrant.nets.heads import HeadName, head_named


def test_softmax_loss_is_the_mean_negative_log_likelihood() -> None:
    logits = torch.tensor([[2.0, 0.0, -1.0], [0.0, 0.5, 0.0]])
    labels = torch.tensor([0, 2])
    expected = -torch.log_softmax(logits, dim=1)[torch.arange(2), labels].mean()
    torch.testing.assert_close(head_named("softmax", classes=3).loss(logits, labels), expected)


def test_sigmoid_loss_is_that_of_the_two_logits_zero_and_z() -> None:
    z = torch.tensor([[1.5], [-0.5], [3.0]])
    labels = torch.tensor([1, 0, 0])
    sigmoid = head_named("sigmoid", classes=2).loss(z, labels)
    softmax = head_named("softmax", classes=2).loss(torch.cat([torch.zeros_like(z), z], dim=1), labels)
    torch.testing.assert_close(sigmoid, softmax)


def test_predicted_classes() -> None:
    assert head_named("sigmoid", classes=2).predicted(torch.tensor([[0.1], [-0.1]])).tolist() == [1, 0]
    assert head_named("softmax", classes=3).predicted(torch.tensor([[0.0, 2.0, 1.0]])).tolist() == [1]


@pytest.mark.parametrize(
    ("name", "classes", "outputs"), [("softmax", 2, 2), ("softmax", 7, 7), ("sigmoid", 2, 1)]
)
def test_number_of_logits(name: HeadName, classes: int, outputs: int) -> None:
    assert head_named(name, classes=classes).outputs == outputs


def test_sigmoid_refuses_more_than_two_classes() -> None:
    with pytest.raises(
        InvalidArgument, match=r'exactly 2 classes; the data have 10. Use net.head = "softmax"'
    ):
        head_named("sigmoid", classes=10)


def test_one_class_is_no_classification() -> None:
    with pytest.raises(InvalidArgument, match="at least 2 classes; got 1"):
        head_named("softmax", classes=1)
