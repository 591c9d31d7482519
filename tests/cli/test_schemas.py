"""The JSON Schemas of the package: sound, kept by what the program prints, missed by what is broken."""

from __future__ import annotations

import copy
import json
from pathlib import Path
from typing import Any

import pytest
from jsonschema import Draft202012Validator, ValidationError

from calibrant.analysis import before_after
from calibrant.calibrators import CALIBRATORS, TemperatureScaling
from tests.cli.conftest import Program
from tests.cli.program import SCHEMAS, check_schema
from tests.drawn_predictions import overconfident

DOCUMENTED = {
    "evaluation",
    "reliability",
    "subgroups",
    "sweep",
    "fit",
    "apply",
    "before-after",
    "run",
    "summary",
    "calibrator",
    "recipes",
    "plot",
    "choice",
    "doctor",
    "plan",
    "conventions",
    "data-stats",
    "predict",
    "convert",
    "report",
    "export",
    "environment",
}


def test_every_documented_form_has_a_schema() -> None:
    assert len(DOCUMENTED) == 22
    assert set(SCHEMAS) >= DOCUMENTED


@pytest.mark.parametrize("name", sorted(SCHEMAS))
def test_a_schema_is_sound_strict_and_names_its_form(name: str) -> None:
    schema = SCHEMAS[name]
    Draft202012Validator.check_schema(schema)
    assert schema["$schema"] == "https://json-schema.org/draft/2020-12/schema"
    assert schema["$id"] == f"urn:calibrant:{name}:1"
    assert schema["properties"]["schema"]["const"] == f"calibrant.{name}/1"
    assert "schema" in schema["required"]
    assert schema["additionalProperties"] is False


@pytest.mark.parametrize("name", sorted(DOCUMENTED))
def test_every_property_is_described(name: str) -> None:
    def walk(schema: Any, place: str) -> None:
        for key, value in schema.get("properties", {}).items():
            if isinstance(value, dict) and "$ref" not in value:
                assert value.get("description"), f"{place}.{key}"
                walk(value, f"{place}.{key}")

    walk(SCHEMAS[name], name)
    for key, value in SCHEMAS[name].get("$defs", {}).items():
        walk(value, key)


@pytest.fixture
def documents(calibrant: Program, validation: Path, held_out: Path, tmp_path: Path) -> dict[str, Any]:
    """One document of each form, as users get them; those of runs are checked where runs are tested."""
    fitted = tmp_path / "c.json"
    fit = calibrant("fit", validation, "-o", fitted, "--json").json
    chosen = calibrant("fit", validation, "--method", "auto", "-o", tmp_path / "auto.json", "--json").json
    few = ("--methods", "platt")
    return {
        "evaluation": calibrant("evaluate", held_out, "--json").json,
        "reliability": calibrant("reliability", held_out, "--json").json,
        "subgroups": calibrant(
            "subgroups", held_out, "--by", "predicted", "--metric", "accuracy", "--json"
        ).json,
        "sweep": calibrant("sweep", held_out, "--json").json,
        "doctor": calibrant("doctor", held_out, "--json").json,
        "fit": fit,
        "choice": chosen["choice"],
        "apply": calibrant("apply", fitted, held_out, "-o", tmp_path / "out.npz", "--json").json,
        "calibrator": json.loads(fitted.read_text(encoding="utf-8")),
        "recipes": calibrant("recipes", "--json").json,
        "plot": calibrant("plot", held_out, "-o", tmp_path / "figure.svg", "--json").json,
        "plan": calibrant("plan", validation, "--method", "vector", "--json").json,
        "conventions": calibrant("conventions", held_out, "--json").json,
        "data-stats": calibrant("data", "stats", "digits", "--json").json,
        "convert": calibrant("convert", held_out, tmp_path / "rows.npy", "--json").json,
        "report": calibrant("report", held_out, "--validation", validation, *few, "--json").json,
        "environment": calibrant("environment", "--json").json,
        "before-after": before_after(overconfident(50, 3), TemperatureScaling(2.0)).to_json(),
    }


def test_documents_keep_their_schemas_and_broken_ones_do_not(documents: dict[str, Any]) -> None:
    assert set(documents) == DOCUMENTED - {"run", "summary", "predict", "export"}
    for name, document in documents.items():
        assert document["schema"] == f"calibrant.{name}/1"
        check_schema(document)
        for key in document.keys() - {"schema"}:
            missing = {other: value for other, value in document.items() if other != key}
            with pytest.raises(ValidationError, match=key):
                check_schema(missing)
            with pytest.raises(ValidationError):
                check_schema({**document, key: [[]]})
        with pytest.raises(ValidationError, match="surprise"):
            check_schema({**document, "surprise": 1})


BREAKAGES: dict[str, list[tuple[tuple[Any, ...], Any]]] = {
    "evaluation": [
        (("accuracy",), 79.0),
        (("accuracy",), "0.79"),
        (("nll",), -0.1),
        (("n",), 0),
        (("n",), 2.5),
        (("ece_positive",), None),
        (("ece_l2_debiased",), None),
        (("ece_l2_debiased",), -0.1),
        (("confidence_gap",), 2.0),
        (("convention",), "tensorboard"),
        (("convention",), "netcal"),
        (("k",), 3),
        (("conventions", "ece", "norm"), "l3"),
        (("conventions", "mse"), {"definition": "", "n": 1}),
        (("intervals", "mce"), {"low": 0.0, "high": 1.0, "level": 0.95, "method": "wilson"}),
        (("intervals", "accuracy", "method"), "guess"),
        (("expected_if_calibrated", "ece", "replicates"), 0),
    ],
    "reliability": [
        (("bins", 0, "n"), -1),
        (("bins", 0, "accuracy"), 1.5),
        (("bins", 0, "gap"), 0.1),
        (("bins",), []),
        (("level",), 95),
    ],
    "subgroups": [
        (("by",), "label"),
        (("worst",), 1),
        (("groups", 0, "share"), 50.0),
        (("groups", 0, "interval", "method"), "guess"),
        (("groups", 0, "test", "p_value"), 1.5),
        (("groups", 0, "adjusted_p_value"), -0.1),
        (("groups", 0, "not_tested"), ""),
        (("groups",), []),
        (("fewest_rows",), 0),
    ],
    "sweep": [(("temperature", 0), 0.0), (("ece", 0), None), (("nll",), [])],
    "fit": [
        (("parameters", "temperature"), -1.0),
        (("parameters", "bound"), "left"),
        (("before", "ece"), "x"),
    ],
    "doctor": [
        (("findings", 0, "severity"), "bad"),
        (("findings", 0, "example"), -1),
        (("findings", 0, "advice"), ""),
        (("counts", "note"), -1),
        (("made",), []),
        (("left_out",), {"drift": ""}),
        (("n",), 0),
    ],
    "apply": [(("method",), ""), (("after", "schema"), "calibrant.sweep/1")],
    "before-after": [(("before", "n"), 0)],
    "calibrator": [
        (("fitted_on", "k"), 1),
        (("fitted_on", "nll"), None),
        (("parameters", "a"), 1),
        (("fitted_on", "classes"), ["bird", "bird"]),
    ],
    "recipes": [(("recipes", 0, "seeds"), []), (("recipes", 0, "expected", "acuracy"), {"value": 1.0})],
    "plot": [(("output",), "")],
    "environment": [(("cores",), 0), (("packages", "numpy"), 2.0)],
    "plan": [
        (("rows", "accuracy"), 0.5),
        (("rows", "ece"), 10),
        (("assumed", "accuracy"), 80),
        (("fit", "parameters"), None),
    ],
    "conventions": [
        (("bins",), 0),
        (("precision",), "float16"),
        (("weighted",), "no"),
        (("results",), []),
        (("results", 0, "why"), ""),
        (("results", 0, "notion"), "class-wise"),
        (("results", 0, "value_at_bins"), 4.3),
        (("results", 0, "rows_moved"), -1),
        (("results", 0, "convention", "norm"), "l3"),
    ],
    "data-stats": [
        (("mean",), [127.5]),
        (("std",), []),
        (("weighting",), "images"),
        (("splits", "validation"), {}),
        (("splits", "train", "images"), -1),
        (("splits", "train", "sizes", 0, "width"), 0),
    ],
    "convert": [
        (("n",), 0),
        (("k",), 1),
        (("kind",), "scores"),
        (("columns",), []),
        (("output",), ""),
        (("parts",), 0),
        (("left_out",), None),
    ],
    "report": [
        (("kind",), "page"),
        (("n",), "300"),
        (("verdict", "interval", "low"), None),
        (("panels", 0, "before", "bins", 0, "n"), 1.5),
        (("slider", "ece"), 0.1),
        (("methods", "rows", 0, "fit_seconds"), 1.0),
        (("provenance", "files", 0, "folder"), "home"),
    ],
    "choice": [
        (("reason",), ""),
        (("candidates", 0, "stderr"), -1.0),
        (("candidates", 0, "versus_temperature"), {"mean": 0.0}),
    ],
}


def test_a_wrong_value_anywhere_is_found(documents: dict[str, Any]) -> None:
    assert set(BREAKAGES) == set(documents)
    for name, breakages in BREAKAGES.items():
        for path, value in breakages:
            broken = copy.deepcopy(documents[name])
            place = broken
            for step in path[:-1]:
                place = place[step]
            place[path[-1]] = value
            with pytest.raises(ValidationError):
                check_schema(broken)


@pytest.mark.parametrize("k", [2, 3])
def test_evaluations_of_two_and_of_more_classes(calibrant: Program, tmp_path: Path, k: int) -> None:
    path = tmp_path / "rows.csv"
    columns = ",".join(f"logit_{index}" for index in range(k))
    path.write_text(f"labels,{columns}\n0,{','.join('1' * k)}\n")
    content = calibrant("evaluate", path, "--json").json
    assert ("ece_positive" in content) == (k == 2)


@pytest.mark.parametrize("method", sorted(CALIBRATORS))
def test_the_file_of_every_calibrator_keeps_the_schema(
    calibrant: Program, validation: Path, tmp_path: Path, method: str
) -> None:
    path = tmp_path / "c.json"
    outcome = calibrant("fit", validation, "--method", method, "-o", path, "--json")
    assert outcome.json["method"] == method
    check_schema(json.loads(path.read_text(encoding="utf-8")))


def test_a_given_temperature_keeps_the_schema(tmp_path: Path) -> None:
    path = tmp_path / "c.json"
    TemperatureScaling(1.5).save(path)
    check_schema(json.loads(path.read_text(encoding="utf-8")))
