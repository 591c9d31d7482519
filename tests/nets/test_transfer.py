"""Weights of files and runs fill the whole backbone, or are refused with what does not fit."""

from __future__ import annotations

import logging
from pathlib import Path

import pytest
import torch
from safetensors.torch import save_file
from torch import Tensor, nn

from calibrant.errors import InvalidArgument
from calibrant.nets.last_layer import of_backbone
from calibrant.nets.registry import build
from calibrant.nets.spec import NetSpec
from calibrant.nets.transfer import load_file_into
from calibrant.nets.weights import RUN_HEADER


def make(seed: int = 0, *, classes: int = 2, channels: int = 3, **options: object) -> nn.Module:
    spec = NetSpec.model_validate({"name": "cifar-resnet", "depth": 8, **options})
    return build(spec, classes=classes, channels=channels, image_size=32, seed=seed)


def timm_net(**options: object) -> nn.Module:
    return make(**{"name": "timm/test_resnet", "depth": None, **options})


def saved(net: nn.Module, folder: Path) -> str:
    """Return the folder as that of a finished run of `net`."""
    save_file(net.state_dict(), folder / "model.safetensors", metadata={RUN_HEADER: "{}"})
    return f"run:{folder}"


def backbones_agree(first: nn.Module, second: nn.Module) -> bool:
    weights = of_backbone(second, second.state_dict())
    return all(torch.equal(first.state_dict()[name], tensor) for name, tensor in weights.items())


def last_layers_agree(first: nn.Module, second: nn.Module) -> bool:
    return torch.equal(first.get_parameter("logits.weight"), second.get_parameter("logits.weight"))


def test_a_file_of_the_same_classes_fills_everything(
    tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    torch.save(make(1).state_dict(), tmp_path / "a.pth")
    net = make(0, weights=str(tmp_path / "a.pth"))
    assert backbones_agree(net, make(1))
    assert last_layers_agree(net, make(1))
    assert not caplog.records


def test_a_last_layer_of_another_shape_is_left_out_and_said(
    tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    source = make(1, classes=5)
    torch.save(source.state_dict(), tmp_path / "a.pth")
    net = make(0, weights=str(tmp_path / "a.pth"))
    assert backbones_agree(net, source)
    assert last_layers_agree(net, make(0))
    (record,) = caplog.records
    assert record.levelno == logging.WARNING
    assert "was left out (logits.bias: 5, here 2, logits.weight: 5×64, here 2×64)" in record.getMessage()


@pytest.mark.parametrize(
    ("hidden", "last"),
    [("pre_logits.fc1", "head.fc"), ("classifier.0", "classifier.6")],
    ids=["timm", "torchvision"],
)
def test_a_file_of_a_vgg_fills_the_convolutions_of_one_with_a_pooled_classifier(
    tmp_path: Path, caplog: pytest.LogCaptureFixture, hidden: str, last: str
) -> None:
    net = make(name="timm/vgg11", depth=None, classifier="pooled")
    features = {name: tensor + 1 for name, tensor in of_backbone(net, net.state_dict()).items()}
    others = {f"{hidden}.weight": torch.zeros(8, 49), f"{last}.weight": torch.zeros(1000, 4096)}
    save_file(features | others, tmp_path / "a.safetensors")
    load_file_into(net, tmp_path / "a.safetensors")
    assert all(torch.equal(net.get_parameter(name), tensor) for name, tensor in features.items())
    (record,) = caplog.records
    assert (
        "was left out (head.fc.bias: absent, here 2, head.fc.weight: 1000×4096, here 2×512, "
        "pre_logits.fc1.weight: 8×49, here absent)"
    ) in record.getMessage()


def test_older_files_lack_the_counters_of_batch_normalisation(tmp_path: Path) -> None:
    weights = {
        name: t for name, t in make(1).state_dict().items() if not name.endswith("num_batches_tracked")
    }
    torch.save(weights, tmp_path / "a.pth")
    net = make(0, weights=str(tmp_path / "a.pth"))
    assert backbones_agree(net, make(1))
    assert last_layers_agree(net, make(1))


def test_what_is_missing_unknown_or_of_another_shape_is_listed(tmp_path: Path) -> None:
    weights: dict[str, Tensor] = dict(make(1).state_dict())
    for name in [name for name in weights if name.startswith("stage3")]:
        del weights[name]
    weights |= {"extra": torch.ones(1), "norm.weight": torch.ones(5)}
    torch.save(weights, tmp_path / "a.pth")
    with pytest.raises(
        InvalidArgument,
        match=r"a.pth do not fit this network: 10 missing \(stage3.block1.residual.conv1.weight, .*, …\); "
        r"1 not of this network \(extra\); 1 of another shape \(norm.weight: 5, here 16\). Set net.name",
    ):
        make(0, weights=str(tmp_path / "a.pth"))


def test_a_run_fills_the_backbone_and_leaves_the_last_layer_fresh(tmp_path: Path) -> None:
    """Whether or not it had as many classes: its last layer belongs to its task."""
    for classes in (2, 7):
        source = make(1, classes=classes)
        net = make(0, pretrained=saved(source, tmp_path))
        assert backbones_agree(net, source)
        assert last_layers_agree(net, make(0))


def test_a_run_of_a_wrapped_network_fills_a_plain_one(tmp_path: Path) -> None:
    run = saved(make(1, input_size=16, freeze="backbone"), tmp_path)
    assert backbones_agree(make(0, pretrained=run), make(1))


def test_a_plain_run_fills_a_wrapped_network(tmp_path: Path) -> None:
    net = make(0, pretrained=saved(make(1), tmp_path), freeze="backbone", input_size=16)
    assert torch.equal(net.state_dict()["net.net.conv.weight"], make(1).state_dict()["conv.weight"])


def test_a_run_of_other_channels_is_refused(tmp_path: Path) -> None:
    with pytest.raises(InvalidArgument, match="They are for images of 1 channels; these have 3"):
        make(0, pretrained=saved(make(1, channels=1), tmp_path))


def test_a_run_of_another_stem_is_refused(tmp_path: Path) -> None:
    run = saved(make(1, name="timm/resnet18", depth=None, stem="cifar"), tmp_path)
    with pytest.raises(InvalidArgument, match=r"conv1.weight: 64×3×3×3, here 64×3×7×7.* net.stem"):
        make(0, name="timm/resnet18", depth=None, pretrained=run)


def test_a_run_of_another_architecture_is_refused(tmp_path: Path) -> None:
    with pytest.raises(InvalidArgument, match=r"missing .* not of this network .* Set net.name and the opt"):
        make(0, name="convnet", depth=None, pretrained=saved(timm_net(), tmp_path))
