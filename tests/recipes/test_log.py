"""What is told of a recipe's settings."""

from __future__ import annotations

from calibrant.recipes.library import load_recipe
from calibrant.recipes.log import hyperparameters


def test_settings_are_named_as_they_are_set() -> None:
    recipe = load_recipe("lenet5-bird-cat", ("train.epochs=2", "train.learning_rate=0.5"))
    found = hyperparameters(recipe, "lenet5-bird-cat", 7)
    assert found["recipe"] == "lenet5-bird-cat"
    assert found["seed"] == 7
    assert found["train.epochs"] == 2
    assert found["train.learning_rate"] == 0.5
    assert found["net.name"] == "lenet5"
    assert found["data.classes"] == "bird, cat"
    assert "train.threads" not in found
    assert {name.split(".")[0] for name in found} == {"recipe", "seed", "data", "net", "train"}


def test_sections_within_sections_are_flat() -> None:
    recipe = load_recipe("lenet5-digits", ("data.normalise={mean=[0.5], std=[0.25]}",))
    found = hyperparameters(recipe, "lenet5-digits", 0)
    assert (found["data.normalise.mean"], found["data.normalise.std"]) == ("0.5", "0.25")
