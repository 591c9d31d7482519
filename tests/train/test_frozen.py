"""A frozen backbone is neither trained nor disturbed, from the first epoch to a resumed one."""

from __future__ import annotations

from pathlib import Path

import torch
from torch import nn

from calibrant.nets.registry import build
from calibrant.nets.spec import NetSpec
from tests.train.small_runs import run, same_weights, weights


def network(pretrained: str | None = None) -> nn.Module:
    spec = NetSpec(
        name="convnet", batch_norm=True, width=0.25, freeze="backbone", pretrained=pretrained or False
    )
    return build(spec, classes=2, channels=3, image_size=32, seed=0)


def test_training_moves_the_last_layer_alone(tmp_path: Path) -> None:
    net = network()
    before = weights(net)
    run(tmp_path, net=net)
    moved = {name for name, tensor in net.state_dict().items() if not torch.equal(tensor, before[name])}
    assert moved == {"net.logits.weight", "net.logits.bias"}


def test_a_frozen_run_is_continued_and_fetched(tmp_path: Path) -> None:
    whole = run(tmp_path / "whole", net=network())
    fetched = run(tmp_path / "whole", net=network())
    assert same_weights(whole.net, fetched.net)


def test_a_finished_run_gives_its_backbone_to_another(tmp_path: Path) -> None:
    spec = NetSpec(name="convnet", batch_norm=True, width=0.25)
    trained = run(tmp_path / "first", net=build(spec, classes=2, channels=3, image_size=32, seed=1)).net
    tuned = run(tmp_path / "second", net=network(f"run:{tmp_path / 'first'}")).net
    name = "conv3b_norm.running_var"
    assert torch.equal(tuned.state_dict()[f"net.{name}"], trained.state_dict()[name])
