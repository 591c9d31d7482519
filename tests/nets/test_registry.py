"""Networks are built by name, from a seed, without touching PyTorch's global state."""

from __future__ import annotations

import pytest
import torch
from pydantic import ValidationError
from torch import nn

from calibrant.errors import InvalidArgument
from calibrant.nets.registry import NETS, build
from calibrant.nets.spec import NetSpec


def make(seed: int = 0, **options: object) -> nn.Module:
    spec = NetSpec.model_validate({"name": "lenet5", **options})
    return build(spec, classes=2, channels=3, image_size=32, seed=seed)


def test_every_registered_net_maps_images_to_logits() -> None:
    assert set(NETS) == {"lenet5"}
    for name in NETS:
        assert make(name=name)(torch.zeros(2, 3, 32, 32)).shape == (2, 2)


def test_the_head_decides_the_number_of_logits() -> None:
    assert make(head="sigmoid")(torch.zeros(2, 3, 32, 32)).shape == (2, 1)


def test_the_seed_decides_the_weights() -> None:
    first, same, other = (nn.utils.parameters_to_vector(make(seed).parameters()) for seed in (1, 1, 2))
    assert torch.equal(first, same)
    assert not torch.equal(first, other)


def test_the_global_generator_is_left_alone() -> None:
    before = torch.get_rng_state()
    make(seed=5)
    assert torch.equal(torch.get_rng_state(), before)


def test_a_misspelt_name_gets_the_nearest() -> None:
    with pytest.raises(InvalidArgument, match=r"no network called 'lenet-5'. Did you mean 'lenet5'\?"):
        make(name="lenet-5")


def test_a_strange_name_gets_the_list() -> None:
    with pytest.raises(InvalidArgument, match="Known: lenet5"):
        make(name="transformer")


@pytest.mark.parametrize("bad", [{"dropout": 1.0}, {"dropout": -0.1}, {"head": "linear"}, {"drop_out": 0.5}])
def test_a_spec_refuses_what_it_does_not_know(bad: dict[str, object]) -> None:
    with pytest.raises(ValidationError):
        NetSpec.model_validate({"name": "lenet5", **bad})
