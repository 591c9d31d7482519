"""Networks of timm have the published sizes, and say in words what they cannot do."""

from __future__ import annotations

from pathlib import Path

import huggingface_hub.constants
import pytest
import timm
import torch
from torch import nn

from calibrant.errors import DataUnavailable, InvalidArgument
from calibrant.nets.layers import count
from calibrant.nets.registry import build
from calibrant.nets.spec import NetSpec


def make(name: str, *, classes: int = 10, image_size: int = 32, **options: object) -> nn.Module:
    spec = NetSpec.model_validate({"name": f"timm/{name}", **options})
    return build(spec, classes=classes, channels=3, image_size=image_size, seed=0)


@pytest.mark.parametrize(
    ("name", "classes", "parameters"),
    [("densenet121", 1000, 7_978_856), ("resnet34", 1000, 21_797_672), ("resnet34", 100, 21_335_972)],
)
def test_the_number_of_parameters(name: str, classes: int, parameters: int) -> None:
    """With 1,000 classes: the numbers that torchvision states for its weights of these networks."""
    assert count(make(name, classes=classes)) == parameters


def test_densenet_121_has_seven_million_parameters_for_ten_classes() -> None:
    assert count(make("densenet121")) == 7_978_856 - 1025 * 990


def test_a_transformer_is_built_for_the_size_of_its_images() -> None:
    assert make("test_vit").get_parameter("pos_embed").shape[1] == 1 + (32 // 16) ** 2
    assert make("test_vit", input_size=64)(torch.zeros(1, 3, 32, 32)).shape == (1, 10)


def test_dropout_and_stochastic_depth_reach_the_network() -> None:
    net = make("test_resnet", dropout=0.25, stochastic_depth=0.5)
    rates = [layer.drop_prob for layer in net.modules() if type(layer).__name__ == "DropPath"]
    assert max(rates) == pytest.approx(0.5)
    assert net.drop_rate == 0.25


def test_an_option_that_a_family_does_not_have_is_refused() -> None:
    with pytest.raises(InvalidArgument, match="densenet121 has no option 'stochastic_depth'; leave it out"):
        make("densenet121", stochastic_depth=0.5)


def test_images_that_a_network_cannot_take_are_refused_with_the_remedy() -> None:
    with pytest.raises(
        InvalidArgument, match=r"inception_v3 cannot take images of 16 × 16 .* net.input_size"
    ):
        make("inception_v3", image_size=16)


def test_a_misspelt_name_gets_the_nearest() -> None:
    with pytest.raises(InvalidArgument, match=r"no network called 'resnt18'. Did you mean resnet18 or "):
        make("resnt18")


def test_an_unknown_set_of_weights_gets_the_known_ones() -> None:
    with pytest.raises(InvalidArgument, match=r"no weights 'mine' of 'resnet18'. Known: a1_in1k, .*tv_in1k"):
        make("resnet18.mine", pretrained=True)


def test_a_network_without_published_weights() -> None:
    with pytest.raises(InvalidArgument, match="publishes no weights of 'resnetblur18'"):
        make("resnetblur18", pretrained=True)


def test_without_the_hub_the_way_round_is_shown_and_nothing_is_left_in_the_cache(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(huggingface_hub.constants, "HF_HUB_OFFLINE", True)
    monkeypatch.setattr(huggingface_hub.constants, "HF_HUB_CACHE", str(tmp_path))
    with pytest.raises(
        DataUnavailable, match=r'of timm/test_resnet cannot be had .* set net.weights = "FILE'
    ):
        make("test_resnet", pretrained=True)
    assert not [path for path in tmp_path.rglob("*") if path.is_file()]


def test_published_weights_fill_all_but_the_last_layer(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A file in the place of the hub: the weights of another seed, for a thousand classes."""
    published = timm.create_model("test_resnet")
    file = tmp_path / "published.pth"
    torch.save(published.state_dict(), file)
    create = timm.create_model

    def from_file(name: str, **options: object) -> nn.Module:
        return create(name, pretrained_cfg_overlay={"file": str(file), "source": "timm"}, **options)

    monkeypatch.setattr(timm, "create_model", from_file)
    net, fresh = make("test_resnet", pretrained=True), make("test_resnet")
    assert torch.equal(net.get_parameter("conv1.0.weight"), published.get_parameter("conv1.0.weight"))
    assert torch.equal(net.get_parameter("fc.weight"), fresh.get_parameter("fc.weight"))
