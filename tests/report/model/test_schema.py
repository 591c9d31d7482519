"""The JSON Schema of reports: the file that ships is that of the model, and reports keep it."""

from __future__ import annotations

import json

import pytest
from jsonschema import ValidationError

from calibrant.report.build import comparison_report
from calibrant.report.model import AnyReport, from_json, to_json
from calibrant.report.model.schema import json_schema
from tests.cli.program import SCHEMAS, check_schema
from tests.report.reports import run_facts, small_report, study_report


def reports() -> list[AnyReport]:
    with_run = small_report(2).model_copy(update={"run": run_facts()})
    return [small_report(), with_run, study_report(), comparison_report([small_report(), small_report(2)])]


def test_the_schema_that_ships_is_that_of_the_model() -> None:
    assert SCHEMAS["report"] == json_schema()


def test_reports_keep_it_and_come_back_equal() -> None:
    for report in reports():
        text = to_json(report)
        check_schema(json.loads(text))
        assert from_json(text) == report
        assert to_json(from_json(text)) == text


def test_what_is_no_report_breaks_it() -> None:
    content = json.loads(to_json(small_report()))
    for broken in (
        {**content, "kind": "page"},
        {**content, "headline": "of a comparison"},
        {**content, "panels": [{"title": "Top label"}]},
        {**content, "surprise": 1},
        {name: value for name, value in content.items() if name != "verdict"},
    ):
        with pytest.raises(ValidationError):
            check_schema(broken)
