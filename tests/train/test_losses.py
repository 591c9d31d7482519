"""Losses have the values and slopes of their formulas, for either head; their limits are the log-loss."""

from __future__ import annotations

import math

import pytest
import torch
from torch import Tensor
from torch.nn.functional import cross_entropy

from calibrant.datasets.batches import Batch, MixedIn
from calibrant.nets.heads import head_named
from calibrant.train.losses import batch_loss, brier, focal, loss_of, smoothed_cross_entropy
from calibrant.train.spec import TrainSpec

PROBS = (0.7, 0.2, 0.1)
NAMES = ("cross-entropy", "label-smoothing", "focal", "adaptive-focal", "brier")


def loss_at(name: str, label: int) -> float:
    loss = loss_of(TrainSpec.model_validate({"loss": name}), head_named("softmax", classes=3))
    return loss(torch.tensor([PROBS], dtype=torch.float64).log(), torch.tensor([label])).item()


def random_rows(outputs: int, n: int = 8) -> tuple[Tensor, Tensor]:
    generator = torch.Generator().manual_seed(0)
    logits = 3 * torch.randn(n, outputs, dtype=torch.float64, generator=generator)
    return logits, torch.randint(max(2, outputs), (n,), generator=generator)


@pytest.mark.parametrize(
    ("name", "label", "value"),
    [
        ("cross-entropy", 0, -math.log(0.7)),
        ("label-smoothing", 0, -0.9 * math.log(0.7) - 0.1 / 3 * sum(map(math.log, PROBS))),
        ("focal", 0, -(0.3**2) * math.log(0.7)),
        ("adaptive-focal", 0, -(0.3**3) * math.log(0.7)),
        ("adaptive-focal", 2, -(0.9**5) * math.log(0.1)),
        ("brier", 0, 0.3**2 + 0.2**2 + 0.1**2),
        ("brier", 2, 0.7**2 + 0.2**2 + 0.9**2),
    ],
)
def test_values_by_hand(name: str, label: int, value: float) -> None:
    assert loss_at(name, label) == pytest.approx(value, rel=1e-12)


@pytest.mark.parametrize("name", NAMES)
@pytest.mark.parametrize("outputs", [1, 3])
def test_slopes_are_those_of_the_values(name: str, outputs: int) -> None:
    head = head_named("sigmoid" if outputs == 1 else "softmax", classes=max(2, outputs))
    loss = loss_of(TrainSpec.model_validate({"loss": name}), head)
    logits, labels = random_rows(outputs)
    assert torch.autograd.gradcheck(lambda scores: loss(scores, labels), logits.requires_grad_())


@pytest.mark.parametrize("name", NAMES)
def test_one_logit_is_the_two_logits_0_and_z(name: str) -> None:
    spec = TrainSpec.model_validate({"loss": name})
    logits, labels = random_rows(1)
    two = torch.cat([torch.zeros_like(logits), logits], dim=1)
    one_sided = loss_of(spec, head_named("sigmoid", classes=2))(logits, labels)
    two_sided = loss_of(spec, head_named("softmax", classes=2))(two, labels)
    torch.testing.assert_close(one_sided, two_sided)


def test_limits_are_the_cross_entropy() -> None:
    logits, labels = random_rows(3)
    expected = cross_entropy(logits, labels)
    torch.testing.assert_close(focal(logits, labels, gamma=0.0), expected)
    torch.testing.assert_close(smoothed_cross_entropy(logits, labels, smoothing=0.0), expected)


@pytest.mark.parametrize("gamma", [0.0, 0.5, 2.0])
def test_certainty_has_a_finite_slope(gamma: float) -> None:
    logits = torch.tensor([[200.0, 0.0], [0.0, 200.0]], requires_grad=True)
    focal(logits, torch.tensor([0, 0]), gamma=gamma).backward()
    assert logits.grad is not None
    assert torch.isfinite(logits.grad).all()


@pytest.mark.parametrize("name", ["cross-entropy", "label-smoothing"])
def test_the_loss_of_mixed_images_is_that_of_the_mixed_labels(name: str) -> None:
    (logits, labels), share = random_rows(3), 0.3
    loss = loss_of(TrainSpec.model_validate({"loss": name}), head_named("softmax", classes=3))
    mixed_labels = (1 - share) * torch.eye(3)[labels] + share * torch.eye(3)[labels.flip(0)]
    if name == "label-smoothing":
        mixed_labels = 0.9 * mixed_labels + 0.1 / 3
    batch = Batch(torch.zeros(8, 1, 1, 1), labels, 8, MixedIn(share, labels.flip(0)))
    torch.testing.assert_close(batch_loss(loss, logits, batch), cross_entropy(logits, mixed_labels.double()))


def test_the_brier_loss_of_mixed_images_differs_by_a_constant() -> None:
    logits, labels = random_rows(3)
    logits.requires_grad_()
    batch = Batch(torch.zeros(8, 1, 1, 1), labels, 8, MixedIn(0.3, labels.flip(0)))
    mixed_labels = 0.7 * torch.eye(3)[labels] + 0.3 * torch.eye(3)[labels.flip(0)]
    of_labels = (logits.softmax(1) - mixed_labels).square().sum(1).mean()
    (expected,) = torch.autograd.grad(of_labels, logits)
    (found,) = torch.autograd.grad(batch_loss(brier, logits, batch), logits)
    torch.testing.assert_close(found, expected)
