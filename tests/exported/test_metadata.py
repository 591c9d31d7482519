"""What a file says about itself comes back as it was, or an error names the file and what is wrong."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

from calibrant.errors import UnreadableFile
from calibrant.exported.facts import ModelFacts, PixelFacts
from calibrant.exported.metadata import facts_of

PATH = Path("model.onnx")
FACTS = ModelFacts(
    method="temperature",
    description="temperature scaling: T = 1.7 (softens)",
    temperature=1.7,
    classes=("bird", "Katze", '</script>"猫'),
    takes="pixels",
    pixels=PixelFacts(32, 3, (0.1, 0.2, 1 / 3), (0.5, 0.25, 0.125)),
    features=None,
    fitted_on="ab" * 32,
    split_hash="cd" * 32,
    version="0.1.0",
)


@pytest.mark.parametrize(
    "facts",
    [
        FACTS,
        replace(FACTS, method="vector", temperature=None, takes="logits", pixels=None, split_hash=None),
        replace(FACTS, takes="features", pixels=None, features=7),
    ],
)
def test_it_comes_back_as_it_was(facts: ModelFacts) -> None:
    assert facts_of(facts.to_metadata(), PATH) == facts


def test_a_temperature_is_a_number_and_the_input_is_said_in_words() -> None:
    metadata = FACTS.to_metadata()
    assert float(metadata["temperature"]) == 1.7
    assert metadata["input"] == "uint8 pixels (n, 3, 32, 32), 0 to 255"
    assert "temperature" not in replace(FACTS, temperature=None).to_metadata()


@pytest.mark.parametrize(
    ("changed", "message"),
    [
        ({"schema": None}, r"model\.onnx says neither its classes nor its calibration"),
        ({"schema": "other/1"}, "`calibrant export` did not write it"),
        (
            {"schema": "calibrant.model/9"},
            r"has the form 'calibrant\.model/9'; .* reads 'calibrant",
        ),
        ({"classes": None}, "'classes' .* two names or more; it is missing"),
        ({"classes": '["bird"]'}, "'classes' .* two names or more"),
        ({"classes": '["bird", 1]'}, "'classes' .* two names or more"),
        ({"classes": '["bird", "bird"]'}, "'classes' .* name each class once"),
        ({"classes": "[" * 100_000}, "'classes' .* two names or more"),
        ({"temperature": "-1"}, "'temperature' .* finite number above 0; got '-1'"),
        ({"temperature": "NaN"}, "'temperature' .* finite number above 0"),
        ({"temperature": "1" + "0" * 400}, "'temperature' .* finite number above 0"),
        ({"takes": "sounds"}, "'takes' .* pixels, logits or features; got 'sounds'"),
        ({"image_size": "32.5"}, "'image_size' .* whole number above 0"),
        ({"image_size": "true"}, "'image_size' .* whole number above 0"),
        ({"channels": "2"}, "'channels' .* be 1 or 3"),
        ({"mean": "[0.1]"}, "'mean' .* JSON list of 3 numbers"),
        ({"std": "[0.1, 0.1, 0]"}, "'std' .* above 0"),
        ({"method": None}, "'method' .* it is missing"),
    ],
)
def test_what_cannot_be_is_named(changed: dict[str, str | None], message: str) -> None:
    metadata = {key: value for key, value in {**FACTS.to_metadata(), **changed}.items() if value is not None}
    with pytest.raises(UnreadableFile, match=message):
        facts_of(metadata, PATH)
