"""The JSON Schema of reports, made from the model: what ships in `schemas/report.schema.json`.

It describes the form; `from_json` checks a report without it.
"""

from __future__ import annotations

import inspect
import re
from typing import Any

from pydantic import BaseModel
from pydantic.json_schema import models_json_schema

from calibrant.report.model import base
from calibrant.report.model.comparison import ComparisonReport
from calibrant.report.model.document import SCHEMA
from calibrant.report.model.predictions import PredictionsReport
from calibrant.report.model.study import StudyReport

_KINDS: tuple[type[base.Model], ...] = (PredictionsReport, ComparisonReport, StudyReport)
_ENTRY = re.compile(r"^(?P<names>\w+(?:, \w+)*) : [^\n]*\n(?P<text>(?:    [^\n]*\n?)+)", re.MULTILINE)


def json_schema() -> dict[str, Any]:
    """Return the schema of the three kinds of report, with what the model says of every field."""
    _, found = models_json_schema([(kind, "serialization") for kind in _KINDS], by_alias=False)
    definitions = found["$defs"]
    for model in _models(base.Model):
        if model.__name__ in definitions:
            _describe(definitions[model.__name__], model)
    tops = {kind.model_fields["kind"].default: definitions[kind.__name__] for kind in _KINDS}
    described: dict[str, Any] = {}
    for top in tops.values():
        for name, of_name in top["properties"].items():
            described.setdefault(name, {"description": of_name["description"]})
    return {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "$id": "urn:calibrant:report:1",
        "title": "A report",
        "description": "Written by `calibrant report -o report.json`, and printed with `--json`.",
        "type": "object",
        "required": ["schema", "kind"],
        "properties": {
            **described,
            "schema": {"description": "Name and version of this form.", "const": SCHEMA},
            "kind": {"description": "Tells the reports apart.", "enum": list(tops)},
        },
        "additionalProperties": False,
        "allOf": [_branch(kind, top) for kind, top in tops.items()],
        "$defs": definitions,
    }


def _branch(kind: str, definition: dict[str, Any]) -> dict[str, Any]:
    """Return what a kind of report has to be at the top of a document, beside the name of the form."""
    return {
        "if": {"properties": {"kind": {"const": kind}}},
        "then": {
            "properties": definition["properties"],
            "required": definition["required"],
            "propertyNames": {"enum": ["schema", *definition["properties"]]},
        },
    }


def _models(root: type[base.Model]) -> list[type[base.Model]]:
    return [found for model in root.__subclasses__() for found in (model, *_models(model))]


def _describe(definition: dict[str, Any], model: type[BaseModel]) -> None:
    """Put the attributes of a model's docstring, and its first line, in the places of a schema."""
    documentation = inspect.cleandoc(model.__doc__ or "")
    definition["description"] = documentation.partition("\n")[0]
    properties = definition["properties"]
    for name, described in properties.items():
        described["description"] = f"{name.replace('_', ' ')}: {definition['description']}"
    _, _, attributes = documentation.partition("----------\n")
    for entry in _ENTRY.finditer(attributes):
        for name in entry["names"].split(", "):
            if name in properties:
                properties[name]["description"] = " ".join(entry["text"].split())
