"""The program as a user runs it: words in, exit code and two streams out; and its JSON against its schema."""

from __future__ import annotations

import json
import os
import sys
from contextlib import redirect_stderr, redirect_stdout
from dataclasses import dataclass
from importlib.resources import files
from io import StringIO
from typing import Any
from unittest.mock import patch

from jsonschema import Draft202012Validator
from referencing import Registry, Resource

from calibrant.cli.main import main

SCHEMAS: dict[str, dict[str, Any]] = {
    file.name.removesuffix(".schema.json"): json.loads(file.read_text(encoding="utf-8"))
    for file in (files("calibrant") / "schemas").iterdir()
    if file.name.endswith(".schema.json")
}
_REGISTRY: Registry[Any] = Registry().with_resources(
    (schema["$id"], Resource.from_contents(schema)) for schema in SCHEMAS.values()
)


@dataclass(frozen=True)
class Outcome:
    """What a command left behind."""

    code: int
    out: str
    err: str

    @property
    def json(self) -> dict[str, Any]:
        """The one JSON object on stdout, which keeps its schema."""
        assert self.code == 0, self.err
        lines = self.out.splitlines()
        assert len(lines) == 1, self.out
        content: dict[str, Any] = json.loads(lines[0], parse_constant=_refuse)
        check_schema(content)
        return content


def run_program(*words: object) -> Outcome:
    """Run `calibrant` with these words."""
    out, err = StringIO(), StringIO()
    code: Any = 0
    with (
        patch.object(sys, "argv", ["calibrant", *(str(word) for word in words)]),
        patch("calibrant.cli.main.end_in_order"),
        patch.dict(os.environ, {"COLUMNS": "200", "NO_COLOR": "1"}),
        redirect_stdout(out),
        redirect_stderr(err),
    ):
        try:
            main()
        except SystemExit as leaving:
            code = leaving.code or 0
    return Outcome(code, out.getvalue(), err.getvalue())


def check_schema(content: dict[str, Any]) -> None:
    """Check a document against the schema that it names."""
    validator(content).validate(content)


def validator(content: dict[str, Any]) -> Draft202012Validator:
    """Return what checks a document that says its schema, such as "calibrant.evaluation/1"."""
    package, _, name = content["schema"].partition(".")
    assert package == "calibrant"
    name, _, version = name.partition("/")
    assert version == "1"
    return Draft202012Validator(SCHEMAS[name], registry=_REGISTRY)


def _refuse(constant: str) -> None:
    raise AssertionError(f"{constant} is no JSON")
