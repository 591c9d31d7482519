"""A data spec takes what recipes say and refuses the rest."""

from __future__ import annotations

import pytest
from pydantic import ValidationError

from calibrant.datasets.spec import ChannelConstants, DataSpec


def test_a_recipe_s_table_becomes_a_spec() -> None:
    spec = DataSpec.model_validate(
        {"name": "uoft-cs/cifar10", "local": "birds", "classes": ["bird", "cat"], "normalise": "half"}
    )
    assert spec.classes == ("bird", "cat")
    assert (spec.validation, spec.split_seed) == (0.2, 0)


def test_constants_are_given_per_channel() -> None:
    spec = DataSpec.model_validate(
        {"name": "x", "normalise": {"mean": [0.5, 0.4, 0.3], "std": [0.2, 0.2, 0.2]}}
    )
    assert spec.normalise == ChannelConstants(mean=(0.5, 0.4, 0.3), std=(0.2, 0.2, 0.2))


@pytest.mark.parametrize(
    "bad",
    [
        {"clases": ["bird", "cat"]},
        {"classes": ["bird"]},
        {"validation": 0.0},
        {"validation": 1.0},
        {"train_rows": 1},
        {"normalise": "imagenet"},
        {"normalise": {"mean": [0.5], "std": [0.0]}},
        {"image_size": 0},
    ],
)
def test_what_makes_no_sense_is_refused(bad: dict[str, object]) -> None:
    with pytest.raises(ValidationError):
        DataSpec.model_validate({"name": "uoft-cs/cifar10", **bad})
