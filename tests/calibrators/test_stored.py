"""Stored calibrators: one readable JSON file, and clear words when it is damaged or someone else's."""

import json
from pathlib import Path
from typing import Any

import pytest

from calibrant.calibrators import TemperatureScaling, load
from calibrant.errors import IncompatiblePredictions, UnreadableFile, UnwritableFile
from calibrant.predictions import Predictions
from tests.drawn_predictions import overconfident


@pytest.fixture
def stored(tmp_path: Path) -> Path:
    drawn = overconfident(100, 2)
    rows = Predictions.from_logits(drawn.scores, drawn.labels, classes=["bird", "cat"])
    path = tmp_path / "temperature.json"
    TemperatureScaling().fit(rows).save(path)
    return path


def edited(path: Path, *keys: str, to: Any) -> Path:
    content = json.loads(path.read_text())
    inner = content
    for key in keys[:-1]:
        inner = inner[key]
    inner[keys[-1]] = to
    path.write_text(json.dumps(content))
    return path


def test_the_file_is_readable_json(stored: Path) -> None:
    content = json.loads(stored.read_text())
    assert list(content) == ["schema", "method", "parameters", "fitted_on", "version"]
    assert content["schema"] == "calibrant.calibrator/1"
    assert content["method"] == "temperature"
    assert list(content["parameters"]) == ["temperature", "stderr", "iterations", "bound", "nll"]
    assert content["fitted_on"]["classes"] == ["bird", "cat"]
    assert (content["fitted_on"]["n"], content["fitted_on"]["k"]) == (100, 2)
    assert stored.read_text().endswith("}\n")


@pytest.mark.parametrize("share", [0.0, 0.2, 0.5, 0.9, 0.99])
def test_a_truncated_file(stored: Path, share: float) -> None:
    content = stored.read_bytes()
    stored.write_bytes(content[: int(share * len(content))])
    with pytest.raises(UnreadableFile, match=r"temperature\.json is not a calibrator: it is no JSON text"):
        load(stored)


@pytest.mark.parametrize(
    "content",
    [
        b"PK\x03\x04\x00\xff\xfe",
        b"[1, 2]",
        b"{}",
        b'"text"',
        b"null",
        b'{"schema": "other/1"}',
        b'{"schema": 3}',
        b"[" * 100_000,
    ],
)
def test_a_foreign_file(tmp_path: Path, content: bytes) -> None:
    path = tmp_path / "foreign.json"
    path.write_bytes(content)
    with pytest.raises(UnreadableFile, match=r"foreign\.json is not a calibrator"):
        load(path)


def test_a_missing_file_or_a_folder(tmp_path: Path) -> None:
    with pytest.raises(UnreadableFile, match=r"cannot read .*none\.json: there is no such file"):
        load(tmp_path / "none.json")
    with pytest.raises(UnreadableFile, match="it is a folder"):
        load(tmp_path)


def test_a_file_of_a_later_version(stored: Path) -> None:
    edited(stored, "schema", to="calibrant.calibrator/2")
    with pytest.raises(
        UnreadableFile, match=r"'calibrant.calibrator/2'; this version of calibrant reads .*/1"
    ):
        load(stored)


@pytest.mark.parametrize(
    ("keys", "value", "message"),
    [
        (("method",), "warmth", r"temperature\.json: there is no calibrator 'warmth'\. Known: auto, "),
        (("method",), None, "names no method with parameters"),
        (("parameters",), [], "names no method with parameters"),
        (("fitted_on",), 3, "'fitted_on' must be an object or null"),
        (
            ("parameters", "temperature"),
            0,
            r"is damaged: 'temperature' must be a finite number above 0; got 0",
        ),
        (("parameters", "temperature"), -1.5, "got -1.5"),
        (("parameters", "temperature"), "2", "got '2'"),
        (("parameters", "temperature"), None, "got None"),
        (("parameters", "temperature"), True, "got True"),
        (("parameters", "temperature"), float("nan"), "got nan"),
        (("parameters", "temperature"), float("inf"), "got inf"),
        (("parameters", "temperature"), 10**400, "'temperature' must be a finite number"),
        (("parameters", "stderr"), "small", "'stderr' must be a finite number; got 'small'"),
        (("parameters", "iterations"), None, "'iterations' must be"),
        (("parameters", "bound"), "sideways", "'bound' must be null, 'lower'"),
        (("fitted_on", "k"), 1, "n ≥ 1 and k ≥ 2; got 100 and 1"),
        (("fitted_on", "n"), "many", "got 'many'"),
        (("fitted_on", "classes"), ["bird"], "'classes' must be null or 2 names"),
        (("fitted_on", "classes"), [1, 2], "'classes' must be null or 2 names"),
        (("fitted_on", "content_hash"), 5, "'content_hash' must be a string"),
        (("fitted_on", "nll"), None, "'nll' must be a finite number"),
    ],
)
def test_a_damaged_value_is_named(stored: Path, keys: tuple[str, ...], value: Any, message: str) -> None:
    edited(stored, *keys, to=value)
    with pytest.raises(UnreadableFile, match=message) as caught:
        load(stored)
    assert "temperature.json" in str(caught.value)


def test_a_loaded_calibrator_refuses_other_classes(stored: Path) -> None:
    loaded = load(stored)
    with pytest.raises(IncompatiblePredictions, match="fitted on 2 classes; these rows have 3"):
        loaded.transform(overconfident(5, 3))
    drawn = overconfident(5, 2)
    with pytest.raises(IncompatiblePredictions, match="fitted on the classes bird, cat, in"):
        loaded.transform(Predictions.from_logits(drawn.scores, drawn.labels, classes=["dog", "cat"]))


def test_a_missing_folder_is_named_on_saving(tmp_path: Path) -> None:
    with pytest.raises(UnwritableFile, match="no folder"):
        TemperatureScaling(temperature=2.0).save(tmp_path / "none" / "a.json")
