"""A spec takes the options that its architecture has, and says which those are."""

from __future__ import annotations

import pytest
from pydantic import ValidationError

from calibrant.nets.registry import NETS
from calibrant.nets.spec import TIMM, NetSpec

ARCHITECTURES = {
    "lenet5": {"dropout", "batch_norm"},
    "cifar-resnet": {"depth", "width", "stochastic_depth"},
    "convnet": {"dropout", "batch_norm", "width"},
    "timm/resnet18": {"dropout", "stochastic_depth", "stem", "classifier"},
}
VALUES = {
    "dropout": 0.5,
    "batch_norm": True,
    "depth": 20,
    "width": 2.0,
    "stochastic_depth": 0.5,
    "stem": "cifar",
    "classifier": "pooled",
}


def spec(name: str = "lenet5", **options: object) -> NetSpec:
    return NetSpec.model_validate({"name": name, **options})


def test_every_architecture_is_covered_here() -> None:
    assert {name for name in ARCHITECTURES if not name.startswith(TIMM)} == set(NETS)
    assert set.union(*ARCHITECTURES.values()) == set(VALUES)


@pytest.mark.parametrize("option", VALUES)
@pytest.mark.parametrize("name", ARCHITECTURES)
def test_an_option_that_an_architecture_does_not_have_is_refused(name: str, option: str) -> None:
    if option in ARCHITECTURES[name]:
        assert getattr(spec(name, **{option: VALUES[option]}), option) == VALUES[option]
    else:
        with pytest.raises(ValidationError, match=f"{name} has no option '{option}'; of its own it has "):
            spec(name, **{option: VALUES[option]})


@pytest.mark.parametrize("name", ARCHITECTURES)
def test_a_spec_written_out_in_full_reads_back(name: str) -> None:
    assert NetSpec.model_validate(spec(name).model_dump()) == spec(name)


@pytest.mark.parametrize("bad", [{"dropout": 1.0}, {"dropout": -0.1}, {"head": "linear"}, {"drop_out": 0.5}])
def test_a_spec_refuses_what_it_does_not_know(bad: dict[str, object]) -> None:
    with pytest.raises(ValidationError):
        spec(**bad)


@pytest.mark.parametrize(
    ("depth", "nearest"), [(21, "20 or 26"), (25, "20 or 26"), (2, "8 or 14"), (50, None), (110, None)]
)
def test_a_depth_is_six_m_and_two(depth: int, nearest: str | None) -> None:
    if nearest is None:
        assert spec("cifar-resnet", depth=depth).depth == depth
    else:
        with pytest.raises(ValidationError, match=rf"6m \+ 2 .* such as {nearest}"):
            spec("cifar-resnet", depth=depth)


@pytest.mark.parametrize("bad", ["imagenet", "run:", "runs/seed-0"])
def test_pretrained_is_a_truth_or_a_run(bad: str) -> None:
    with pytest.raises(ValidationError, match=r'true, false or "run:FOLDER"'):
        spec(pretrained=bad)


def test_the_folder_of_a_run() -> None:
    assert spec(pretrained="run:runs/a/seed-0").run_folder == "runs/a/seed-0"
    assert spec().run_folder is None
    assert spec("timm/resnet18", pretrained=True).run_folder is None


def test_nobody_publishes_weights_of_the_small_networks() -> None:
    with pytest.raises(ValidationError, match=r'of convnet; take pretrained = "run:FOLDER"'):
        spec("convnet", pretrained=True)


def test_weights_come_from_one_place() -> None:
    with pytest.raises(ValidationError, match="leave one out"):
        spec(pretrained="run:somewhere", weights="other.pth")


def test_a_frozen_backbone_has_no_dropout() -> None:
    with pytest.raises(ValidationError, match="in evaluation mode; leave them out"):
        spec(freeze="backbone", dropout=0.5)


def test_published_weights_would_lose_their_first_layer_to_a_small_stem() -> None:
    with pytest.raises(ValidationError, match="leave stem out and set input_size"):
        spec("timm/resnet18", pretrained=True, stem="cifar")
