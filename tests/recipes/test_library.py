"""Recipes by name and by path: what each of the library must say, and what a mistake is told."""

from __future__ import annotations

import re
import tomllib
from pathlib import Path

import pytest

from calibrant.errors import InvalidRecipe, UnreadableFile
from calibrant.nets.registry import build
from calibrant.recipes.library import load_recipe, recipe_names, recipe_text, write_recipe
from calibrant.recipes.recipe import Expected
from calibrant.recipes.results import RESULTS

NAMES = recipe_names()


def test_the_library_is_found() -> None:
    known = {"lenet5-bird-cat", "lenet5-bird-cat-regularised", "lenet5-bird-cat-softmax", "lenet5-digits"}
    modern = {
        f"{net}-{rest}"
        for net in ("densenet121", "vgg16")
        for rest in ("bird-cat", "bird-cat-scratch", "bird-cat-from-cifar100", "cifar100")
    }
    assert known | modern | {"resnet34-cifar100", "resnet34-cifar100-cifar-stem"} <= set(NAMES)
    assert len(NAMES) >= 14
    assert sorted(NAMES) == NAMES


@pytest.mark.parametrize("name", NAMES)
def test_a_recipe_says_what_a_reader_needs(name: str) -> None:
    recipe = load_recipe(name)
    for text in (recipe.title, recipe.summary, recipe.source, recipe.command, recipe.cost):
        assert len(text.strip()) > 10
    assert recipe.command == f"calibrant run {name}"
    assert "CPU" in recipe.cost
    assert {"accuracy", "temperature", "ece_before", "ece_after"} <= set(recipe.expected)
    assert set(recipe.expected) <= set(recipe.measured) or "not measured" in recipe.cost
    assert bool(recipe.measured) == ("not measured" not in recipe.cost)
    assert set(recipe.measured) <= set(RESULTS)
    assert len(recipe.seeds) == len(set(recipe.seeds)) >= 3


@pytest.mark.parametrize("name", NAMES)
def test_what_was_measured_is_as_expected(name: str) -> None:
    recipe = load_recipe(name)
    for key, expected in recipe.expected.items():
        assert key not in recipe.measured or expected.holds(recipe.measured[key].mean), key
        assert expected.tolerance > 0


def test_every_network_of_the_library_takes_its_images() -> None:
    nets = {load_recipe(name).net.model_copy(update={"pretrained": False}) for name in NAMES}
    assert len(nets) >= 8
    for net in nets:
        # Building sends an image through.
        build(net, classes=2, channels=3, image_size=32, seed=0)


def test_a_backbone_is_the_same_network_without_a_backbone_of_its_own() -> None:
    starting = [recipe for recipe in map(load_recipe, NAMES) if recipe.backbone is not None]
    assert len(starting) >= 2
    for recipe in starting:
        assert recipe.backbone is not None
        first = load_recipe(recipe.backbone.recipe, recipe.backbone.overrides)
        assert first.backbone is None
        assert first.net == recipe.net
        assert first.data.normalise == recipe.data.normalise
        assert recipe.backbone.seed in first.seeds


@pytest.mark.parametrize("name", NAMES)
def test_a_recipe_written_out_reads_back_the_same(name: str, tmp_path: Path) -> None:
    recipe = load_recipe(name, ["train.epochs=2", "seeds=[7]"])
    write_recipe(recipe, tmp_path / "recipe.toml")
    assert load_recipe(str(tmp_path / "recipe.toml")) == recipe
    assert (tmp_path / "recipe.toml").read_text(encoding="utf-8") == recipe_text(recipe)


def test_the_class_of_a_figure_is_among_the_classes() -> None:
    for recipe in map(load_recipe, NAMES):
        wanted = recipe.figures.class_name
        assert wanted is None or recipe.data.classes is None or wanted in recipe.data.classes


def test_overrides_of_every_type() -> None:
    recipe = load_recipe(
        "lenet5-bird-cat",
        [
            "train.epochs=2",
            "train.learning_rate=5e-4",
            "net.head=softmax",
            'net.name = "lenet5"',
            "net.batch_norm=true",
            "data.classes=['cat', \"bird\"]",
            "seeds=[4, 5]",
            "figures.temperatures=[1, 2.5]",
            "title=A = B",
            "expected.nll_after.value=0.5",
            "expected.nll_after.tolerance=0.1",
        ],
    )
    assert (recipe.train.epochs, recipe.train.learning_rate) == (2, 5e-4)
    assert (recipe.net.name, recipe.net.head, recipe.net.batch_norm) == ("lenet5", "softmax", True)
    assert recipe.data.classes == ("cat", "bird")
    assert recipe.seeds == (4, 5)
    assert recipe.figures.temperatures == (1.0, 2.5)
    assert recipe.title == "A = B"
    assert recipe.expected["nll_after"] == Expected(value=0.5, tolerance=0.1)
    untouched = load_recipe("lenet5-bird-cat")
    assert recipe.train.batch_size == untouched.train.batch_size
    assert recipe.measured == untouched.measured


def test_a_later_override_wins() -> None:
    assert load_recipe("lenet5-digits", ["train.epochs=2", "train.epochs=3"]).train.epochs == 3


@pytest.mark.parametrize(
    ("override", "message"),
    [
        ("train.epoch=2", r"no key 'train\.epoch'\. Did you mean 'epochs'\?"),
        ("trian.epochs=2", r"no key 'trian'\. Did you mean 'train'\?"),
        ("net.droput=0.5", r"no key 'net\.droput'\. Did you mean 'dropout'\?"),
        ("data.normalize=half", r"no key 'data\.normalize'\. Did you mean 'normalise'\?"),
        ("figures.class=cat", r"no key 'figures\.class'\. Did you mean 'class_name'\?"),
        ("train.zzz=1", r"no key 'train\.zzz'\. Known: .*optimiser, "),
        ("expected.acuracy={value=1, tolerance=1}", r"no result 'acuracy'\. Did you mean 'accuracy'\?"),
        ("measured.ece={mean=1, spread=1}", r"no result 'ece'"),
        ("measured.nll_after={mean=1, spread=-1}", r"measured\.nll_after\.spread: .*got -1"),
        ("train.epochs=two", r"train\.epochs: .* got 'two'"),
        ("train.epochs=2.5", r"train\.epochs: .* got 2\.5"),
        ("figures.temperatures=[1e-300]", r"figures\.temperatures.* got 1e-300"),
        ("train.epochs=0", r"train\.epochs: .* got 0"),
        ("train.learning_rate=-1", r"train\.learning_rate: .* got -1"),
        ("train.optimiser=lion", r"train\.optimiser: .*'adam' or 'sgd'; got 'lion'"),
        ("train.momentum=0.9", r'momentum and nesterov belong to optimiser = "sgd"'),
        ("net.dropout=1.5", r"net\.dropout: .* got 1\.5"),
        ("net.head=tanh", r"net\.head: .* got 'tanh'"),
        ("data.classes=['bird']", r"data\.classes: "),
        ("data.validation=1", r"data\.validation: "),
        ("data.normalise=twice", r"data\.normalise"),
        ("seeds=[]", "seeds: "),
        ("data.on_corrupt=ignore", r"data\.on_corrupt: .*'stop' or 'skip'; got 'ignore'"),
        ("figures.fixed_temperatures=[0]", r"figures\.fixed_temperatures\.0: .* got 0"),
        ("backbone.seed=1", r"the key 'backbone\.recipe' is missing"),
        ("seeds=[-1]", r"seeds\.0: "),
        ("seeds=[9223372036854775808]", r"seeds\.0: "),
        ("figures.temperatures=[0]", r"figures\.temperatures\.0: .* got 0"),
        ("expected.accuracy.tolerance=-1", r"expected\.accuracy\.tolerance: "),
    ],
)
def test_a_wrong_setting_names_file_key_and_what_would_be_right(override: str, message: str) -> None:
    with pytest.raises(InvalidRecipe, match=rf"(?s)lenet5-digits\.toml: .*{message}"):
        load_recipe("lenet5-digits", [override])


@pytest.mark.parametrize("override", ["train.epochs", "", "=2", "train.=2", ".epochs=2"])
def test_an_override_of_another_form(override: str) -> None:
    with pytest.raises(InvalidRecipe, match=r"an override has the form section\.key=value"):
        load_recipe("lenet5-digits", [override])


def test_a_value_is_no_section() -> None:
    with pytest.raises(InvalidRecipe, match=r"'normalise' in .* is a value, not a section"):
        load_recipe("lenet5-digits", ["data.normalise.mean=[0.5]"])


def test_constants_take_the_place_of_a_word() -> None:
    recipe = load_recipe("lenet5-digits", ["data.normalise={mean=[0.5], std=[0.25]}"])
    assert recipe.model_dump()["data"]["normalise"] == {"mean": (0.5,), "std": (0.25,)}


def test_weights_come_from_one_place() -> None:
    with pytest.raises(
        InvalidRecipe, match=r"backbone says where the weights come from; leave net\.pretrained"
    ):
        load_recipe("vgg16-bird-cat", ["backbone.recipe=vgg16-cifar100"])


def test_an_unknown_recipe_names_the_nearest_and_who_lists_all() -> None:
    with pytest.raises(InvalidRecipe, match=r"Did you mean 'lenet5-digits'\? `calibrant recipes` lists"):
        load_recipe("lenet5-digit")


def test_a_recipe_file_of_ones_own(tmp_path: Path) -> None:
    path = tmp_path / "mine.toml"
    path.write_text(recipe_text(load_recipe("lenet5-digits")), encoding="utf-8")
    assert load_recipe(str(path)) == load_recipe("lenet5-digits")
    content = path.read_text(encoding="utf-8")
    path.write_text(content.replace("optimiser =", "optimizer ="), encoding="utf-8")
    with pytest.raises(InvalidRecipe, match=r"mine\.toml: there is no key 'train\.optimizer'.*'optimiser'"):
        load_recipe(str(path))


@pytest.mark.parametrize(
    ("content", "message"),
    [
        (b"title = ", r"mine\.toml cannot be read as TOML: "),
        (b"", r"mine\.toml: the key 'title' is missing"),
        (b"[data]\nname = 1\n", r"mine\.toml: "),
    ],
)
def test_a_recipe_file_that_says_too_little(tmp_path: Path, content: bytes, message: str) -> None:
    (tmp_path / "mine.toml").write_bytes(content)
    with pytest.raises(InvalidRecipe, match=message):
        load_recipe(str(tmp_path / "mine.toml"))


def test_a_recipe_file_that_cannot_be_read(tmp_path: Path) -> None:
    with pytest.raises(UnreadableFile, match="cannot read the recipe"):
        load_recipe(str(tmp_path / "absent.toml"))
    (tmp_path / "bytes.toml").write_bytes(b"\xff\xfe")
    with pytest.raises(UnreadableFile, match="cannot read the recipe"):
        load_recipe(str(tmp_path / "bytes.toml"))


def test_a_recipe_is_toml_that_any_tool_reads() -> None:
    content = tomllib.loads(recipe_text(load_recipe("lenet5-bird-cat")))
    assert content["data"]["classes"] == ["bird", "cat"]
    assert content["train"]["epochs"] == 15


@pytest.mark.parametrize("number", ["inf", "-inf", "nan"])
def test_a_number_that_is_not_finite_is_a_wrong_value(number: str, tmp_path: Path) -> None:
    words = rf"train\.learning_rate: Input should be a finite number; got {number}\."
    with pytest.raises(InvalidRecipe, match=words):
        load_recipe("lenet5-digits", [f"train.learning_rate={number}"])
    text = recipe_text(load_recipe("lenet5-digits"))
    path = tmp_path / "mine.toml"
    path.write_text(re.sub("learning_rate = .*", f"learning_rate = {number}", text))
    with pytest.raises(InvalidRecipe, match=words):
        load_recipe(str(path))
