"""The JSON form of a report, there and back."""

from __future__ import annotations

import json
from typing import Annotated

from pydantic import Field, TypeAdapter, ValidationError

from calibrant.errors import UnreadableFile
from calibrant.foreign import json_value
from calibrant.printable import readable_json
from calibrant.report.model.comparison import ComparisonReport
from calibrant.report.model.predictions import PredictionsReport
from calibrant.report.model.study import StudyReport

SCHEMA = "calibrant.report/1"

AnyReport = PredictionsReport | ComparisonReport | StudyReport

_ADAPTER: TypeAdapter[AnyReport] = TypeAdapter(Annotated[AnyReport, Field(discriminator="kind")])


def to_json(report: AnyReport) -> str:
    """Return the documented JSON form, which `from_json` turns back into an equal report.

    The same report gives the same text, and no text in it can end a script of a page.
    """
    content = {"schema": SCHEMA, **_ADAPTER.dump_python(report, mode="json")}
    text = json.dumps(content, ensure_ascii=False, allow_nan=False, separators=(",", ":"))
    return readable_json(text.replace("<", "\\u003c")) + "\n"


def from_json(text: str, *, source: str = "the report") -> AnyReport:
    """Return the report that `to_json` wrote.

    Parameters
    ----------
    text : str
        JSON.
    source : str
        What errors call it.

    Raises
    ------
    UnreadableFile
        It is no JSON, has another schema, or something in it is missing, unknown or of the wrong type.
    """
    try:
        content = json_value(text)
    except ValueError as error:
        raise UnreadableFile(f"{source} is not JSON ({error}).") from error
    schema = content.pop("schema", None) if isinstance(content, dict) else None
    if schema != SCHEMA:
        raise UnreadableFile(
            f"{source} has the form {schema!r}; this version of calibrant reads reports of {SCHEMA!r}."
        )
    try:
        return _ADAPTER.validate_python(content, strict=False)
    except ValidationError as error:
        first = error.errors(include_url=False)[0]
        place = ".".join(str(step) for step in first["loc"])
        raise UnreadableFile(f"{source} is no report: {place}: {first['msg']}.") from error
