"""Optimisers have the spec's settings, and schedules follow the epoch."""

from __future__ import annotations

import pytest
import torch
from torch import nn

from calibrant.train.optimiser import learning_rate, learning_rates, make_optimiser, set_learning_rate
from calibrant.train.spec import TrainSpec


def test_adam() -> None:
    optimiser = make_optimiser(nn.Linear(2, 2).parameters(), TrainSpec(weight_decay=0.1))
    assert isinstance(optimiser, torch.optim.Adam)
    assert optimiser.defaults["lr"] == 1e-3
    assert optimiser.defaults["weight_decay"] == 0.1


def test_sgd() -> None:
    spec = TrainSpec(optimiser="sgd", learning_rate=0.1, momentum=0.9, nesterov=True, weight_decay=5e-4)
    optimiser = make_optimiser(nn.Linear(2, 2).parameters(), spec)
    assert isinstance(optimiser, torch.optim.SGD)
    assert (optimiser.defaults["momentum"], optimiser.defaults["nesterov"]) == (0.9, True)


def test_frozen_parameters_are_left_out() -> None:
    net = nn.Linear(2, 2)
    net.bias.requires_grad_(False)
    (group,) = make_optimiser(net.parameters(), TrainSpec()).param_groups
    assert [parameter is net.weight for parameter in group["params"]] == [True]


def test_a_constant_rate() -> None:
    assert {learning_rate(TrainSpec(epochs=9), epoch) for epoch in range(1, 10)} == {1e-3}


def test_steps() -> None:
    spec = TrainSpec(learning_rate=1.0, schedule="step", step_epochs=2, step_factor=0.5, epochs=5)
    assert [learning_rate(spec, epoch) for epoch in range(1, 6)] == [1, 1, 0.5, 0.5, 0.25]


def test_half_a_cosine() -> None:
    spec = TrainSpec(learning_rate=1.0, schedule="cosine", epochs=4)
    rates = [learning_rate(spec, epoch) for epoch in range(1, 6)]
    assert rates == pytest.approx([1, (1 + 0.5**0.5) / 2, 0.5, (1 - 0.5**0.5) / 2, 0])


def test_the_rate_is_set_on_all_groups() -> None:
    optimiser = make_optimiser(nn.Linear(2, 2).parameters(), TrainSpec())
    set_learning_rate(optimiser, 0.5)
    assert [group["lr"] for group in optimiser.param_groups] == [0.5]


@pytest.mark.parametrize("schedule", ["constant", "step", "cosine"])
def test_a_whole_schedule_with_warm_up_is_that_of_torch(schedule: str) -> None:
    batches, warmup, epochs = 4, 2, 9
    spec = TrainSpec.model_validate(
        {
            "schedule": schedule,
            "step_epochs": 3,
            "step_factor": 0.5,
            "warmup_epochs": warmup,
            "epochs": epochs,
        }
    )
    optimiser = make_optimiser(nn.Linear(2, 2).parameters(), spec)
    steps = warmup * batches
    rising = torch.optim.lr_scheduler.LinearLR(optimiser, 1 / steps, total_iters=steps - 1)
    expected = []
    for _ in range(steps):
        expected.append(optimiser.param_groups[0]["lr"])
        optimiser.step()
        rising.step()
    after: torch.optim.lr_scheduler.LRScheduler
    if schedule == "cosine":
        after = torch.optim.lr_scheduler.CosineAnnealingLR(optimiser, epochs - warmup)
    else:
        milestones = [1, 4] if schedule == "step" else []
        after = torch.optim.lr_scheduler.MultiStepLR(optimiser, milestones, gamma=0.5)
    for _ in range(warmup, epochs):
        expected += [optimiser.param_groups[0]["lr"]] * batches
        optimiser.step()
        after.step()
    found = [rate for epoch in range(1, epochs + 1) for rate in learning_rates(spec, epoch, batches)]
    assert found == pytest.approx(expected, rel=1e-9)
