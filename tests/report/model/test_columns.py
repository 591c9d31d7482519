"""A stored report whose columns do not fit each other is refused when it is read, not when it is drawn."""

from __future__ import annotations

import json
from typing import Any

import pytest

from calibrant.errors import UnreadableFile
from calibrant.report.model import from_json, to_json
from tests.report.reports import small_report


def stored() -> dict[str, Any]:
    content: dict[str, Any] = json.loads(to_json(small_report(2)))
    return content


@pytest.mark.parametrize(
    ("part", "column", "message"),
    [
        ("deferral", "before_errors", "101 numbers, one for each of the thresholds"),
        ("deferral", "threshold", "101 numbers, one for each of the thresholds"),
        ("positive", "before_false_negative", "101 numbers, one for each of the thresholds"),
        ("slider", "ece", "one for each of the temperatures"),
        ("slider", "weight", "one for each of the temperatures"),
        ("slider", "upper", "one for each of the bins"),
    ],
)
def test_a_column_that_is_too_short(part: str, column: str, message: str) -> None:
    content = stored()
    content[part][column].pop()
    with pytest.raises(UnreadableFile, match=message):
        from_json(json.dumps(content))


@pytest.mark.parametrize(
    ("part", "column"), [("deferral", "after_errors"), ("positive", "after_false_positive")]
)
def test_what_comes_after_is_whole_or_not_there(part: str, column: str) -> None:
    content = stored()
    assert content[part][column] is not None
    content[part][column] = None
    with pytest.raises(UnreadableFile, match="needs both columns, or none"):
        from_json(json.dumps(content))


def test_a_mark_without_a_temperature() -> None:
    content = stored()
    content["slider"]["marks"][0]["index"] = len(content["slider"]["temperatures"])
    with pytest.raises(UnreadableFile, match=r"marks stand at temperatures 0\.\."):
        from_json(json.dumps(content))
