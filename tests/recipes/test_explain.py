"""What is said of settings that a model refuses, at any depth."""

from __future__ import annotations

import pytest
from pydantic import BaseModel, ConfigDict, ValidationError

from calibrant.nearest import nearest
from calibrant.recipes.explain import explain


class Leaf(BaseModel):
    model_config = ConfigDict(extra="forbid")

    size: int
    colour: str = "red"


class Tree(BaseModel):
    model_config = ConfigDict(extra="forbid")

    leaf: Leaf
    leaves: tuple[Leaf, ...] = ()
    named: dict[str, Leaf] = {}


@pytest.mark.parametrize(
    ("content", "words"),
    [
        ({"leaf": {"sise": 1}}, "there is no key 'leaf.sise'. Did you mean 'size'?"),
        ({"leaf": {"size": 1}, "leafs": []}, "there is no key 'leafs'. Did you mean 'leaf'?"),
        (
            {"leaf": {"size": 1}, "leaves": [{"size": 1, "color": ""}]},
            "there is no key 'leaves.0.color'. Did you mean 'colour'?",
        ),
        (
            {"leaf": {"size": 1}, "named": {"a": {"size": 1, "x": 1}}},
            "there is no key 'named.a.x'. Known: size, colour.",
        ),
        ({}, "the key 'leaf' is missing."),
    ],
)
def test_the_place_and_what_would_be_right(content: dict[str, object], words: str) -> None:
    with pytest.raises(ValidationError) as caught:
        Tree.model_validate(content)
    assert explain(caught.value, Tree) == words


def test_a_wrong_value_is_shown() -> None:
    with pytest.raises(ValidationError) as caught:
        Leaf.model_validate({"size": "large"})
    assert explain(caught.value, Leaf).startswith("size: ")
    assert explain(caught.value, Leaf).endswith("got 'large'.")


def test_nothing_known_leaves_nothing_to_say() -> None:
    assert nearest("a", []) == ""
