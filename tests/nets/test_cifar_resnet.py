"""The small residual networks have the published sizes, and blocks that are passed over as published."""

from __future__ import annotations

import pytest
import torch
from torch import nn

from calibrant.errors import InvalidArgument
from calibrant.nets.cifar_resnet import cifar_resnet
from calibrant.nets.layers import count, summary
from calibrant.nets.spec import NetSpec


def make(**options: object) -> nn.Module:
    spec = NetSpec.model_validate({"name": "cifar-resnet", **options})
    return cifar_resnet(spec, outputs=10, channels=3, image_size=32)


@pytest.mark.parametrize(("depth", "millions"), [(20, 0.27), (32, 0.46), (44, 0.66), (56, 0.85), (110, 1.7)])
def test_the_number_of_parameters_is_that_of_the_paper(depth: int, millions: float) -> None:
    """He et al. 2016, table 6, column of parameters."""
    assert count(make(depth=depth)) / 1e6 == pytest.approx(millions, abs=0.05 if depth == 110 else 0.006)


@pytest.mark.parametrize("depth", [8, 20, 56])
def test_the_depth_counts_the_layers_with_weights(depth: int) -> None:
    layers = [layer for layer in make(depth=depth).modules() if isinstance(layer, nn.Conv2d | nn.Linear)]
    assert len(layers) == depth


def test_twenty_layers_where_no_depth_is_given() -> None:
    assert repr(make()) == repr(make(depth=20))


def test_each_stage_has_the_published_shape() -> None:
    shapes = {row.name: row.output_shape for row in summary(make(), (3, 32, 32))}
    assert shapes["stage1.block3.relu"] == (16, 32, 32)
    assert shapes["stage2.block1.relu"] == (32, 16, 16)
    assert shapes["stage3.block3.relu"] == (64, 8, 8)
    assert shapes["pool"] == (64, 1, 1)


def test_a_shortcut_takes_every_second_pixel_and_adds_empty_channels() -> None:
    images = torch.arange(2.0 * 16 * 4 * 4).reshape(2, 16, 4, 4)
    passed = make().get_submodule("stage2.block1.shortcut")(images)
    assert torch.equal(passed[:, :16], images[:, :, ::2, ::2])
    assert passed.shape == (2, 32, 2, 2)
    assert passed[:, 16:].abs().sum() == 0


def test_the_width_multiplies_every_layer() -> None:
    convolutions = [layer for layer in make(width=2.5).modules() if isinstance(layer, nn.Conv2d)]
    assert {layer.out_channels for layer in convolutions} == {40, 80, 160}


def test_convolutions_start_with_variance_two_over_inputs() -> None:
    weight = make(width=4.0).get_parameter("stage3.block2.residual.conv1.weight")
    assert weight.var().item() == pytest.approx(2 / (256 * 9), rel=0.02)


def test_the_chance_of_being_passed_over_grows_linearly_to_the_last_block() -> None:
    drops = [layer.p for name, layer in make(stochastic_depth=0.5).named_modules() if name.endswith("drop")]
    assert drops == pytest.approx([0.5 * block / 9 for block in range(1, 10)])
    assert not any(name.endswith("drop") for name, _ in make().named_modules())


def test_a_block_is_passed_over_for_the_whole_batch_and_kept_ones_are_scaled() -> None:
    net = make(stochastic_depth=0.5).get_submodule("stage3.block3.residual.drop")
    ones = torch.ones(4, 2, 1, 1)
    with torch.random.fork_rng():
        torch.manual_seed(0)
        seen = [net(ones) for _ in range(50)]
        torch.manual_seed(0)
        again = [net(ones) for _ in range(50)]
    assert {tuple(batch.unique().tolist()) for batch in seen} == {(0.0,), (2.0,)}
    assert all(torch.equal(one, two) for one, two in zip(seen, again, strict=True))
    assert torch.equal(net.eval()(ones), ones)


def test_images_that_are_too_small_are_refused_with_the_remedy() -> None:
    with pytest.raises(InvalidArgument, match=r"at least 4 pixels a side; these have 2. Set net.input_size"):
        cifar_resnet(NetSpec(name="cifar-resnet"), outputs=2, channels=3, image_size=2)
