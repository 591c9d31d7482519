"""What a study costs on this machine's CPU: a stretch of every kind of run is timed, the rest is multiplied.

    python -m benchmarks.study_costs [--scale cpu] [STUDY ...]

Time is that of the processor, so other work on the machine hardly counts. Left out: starting, reading images,
and fitting calibrators.
"""

from __future__ import annotations

import argparse
import time

import torch
from torch import nn

from calibrant.analysis.table import plain_table
from calibrant.nets.heads import head_named
from calibrant.nets.registry import build
from calibrant.recipes.recipe import Recipe
from calibrant.studies.grid import planned_runs
from calibrant.studies.library import load_study, scale_of, study_names

STEPS = 4
PREDICTED = 500
CIFAR_100 = {"training": 50_000, "test": 10_000}
CORES = 2


def main() -> None:
    """Time the studies and print what they would take."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("studies", nargs="*", default=study_names())
    parser.add_argument("--scale", default="cpu")
    asked = parser.parse_args()
    torch.set_num_threads(1)
    rows = []
    for name in asked.studies:
        study = load_study(name)
        scale = scale_of(study, asked.scale, name=name)
        runs = planned_runs(study, scale, scale.seeds[:1], source=name)
        seconds = sum(run_seconds(run.recipe) for run in runs) * len(scale.seeds)
        total = len(runs) * len(scale.seeds)
        rows.append([name, str(total), f"{seconds / 60:.0f}", f"{seconds / 60 / CORES:.0f}"])
        print(f"{name} timed", flush=True)
    print(plain_table(["study", "runs", "CPU minutes", f"minutes on {CORES} cores"], rows))


def run_seconds(recipe: Recipe) -> float:
    """Return the CPU seconds of a run on CIFAR-100, from a few steps of its training and predictions."""
    net = build(recipe.net, classes=100, channels=3, image_size=32, seed=0)
    net.to(memory_format=torch.channels_last)
    held_out = round(recipe.data.validation * CIFAR_100["training"])
    trained = recipe.data.train_rows or CIFAR_100["training"] - held_out
    step, image = step_seconds(net, recipe), prediction_seconds(net)
    epochs, batches = recipe.train.epochs, trained / recipe.train.batch_size
    predicted = held_out * (epochs + 1) + CIFAR_100["test"]
    return epochs * batches * step + predicted * image


def step_seconds(net: nn.Module, recipe: Recipe) -> float:
    """Return the CPU seconds of one step of training, the least of a few."""
    head = head_named(recipe.net.head, classes=100)
    optimiser = torch.optim.SGD(net.parameters(), lr=0.0, momentum=0.9, fused=True)
    images = torch.randn(recipe.train.batch_size, 3, 32, 32).to(memory_format=torch.channels_last)
    labels = torch.randint(100, (len(images),))
    times = []
    for _ in range(STEPS):
        start = time.process_time()
        loss = head.loss(net(images), labels)
        optimiser.zero_grad()
        loss.backward()
        optimiser.step()
        times.append(time.process_time() - start)
    return min(times)


def prediction_seconds(net: nn.Module) -> float:
    """Return the CPU seconds that predicting one image takes."""
    images = torch.randn(PREDICTED, 3, 32, 32).to(memory_format=torch.channels_last)
    net.eval()
    with torch.inference_mode():
        start = time.process_time()
        net(images)
    net.train()
    return (time.process_time() - start) / PREDICTED


if __name__ == "__main__":
    main()
