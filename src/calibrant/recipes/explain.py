"""What is wrong with settings that pydantic refuses, in words, with the nearest key that exists.

It serves every model that is read from TOML; nothing is read here.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, get_args

from pydantic import BaseModel, ValidationError

from calibrant.nearest import nearest
from calibrant.printable import shown


def explain(error: ValidationError, model: type[BaseModel]) -> str:
    """Return the first thing that `model` refuses, as a sentence; a misspelt key before a missing one."""
    found = error.errors(include_url=False)
    first = next((each for each in found if each["type"] == "extra_forbidden"), found[0])
    where = ".".join(str(part) for part in first["loc"])
    if first["type"] == "extra_forbidden":
        known = _fields_at(model, first["loc"][:-1])
        return f"there is no key {where!r}.{nearest(str(first['loc'][-1]), known)}"
    if first["type"] == "missing":
        return f"the key {where!r} is missing."
    return f"{where}: {first['msg']}; got {shown(repr(first['input']))}."


def _fields_at(model: type[BaseModel], location: Sequence[int | str]) -> Mapping[str, Any]:
    found: Any = model
    for part in location:
        if _is_model(found):
            field = found.model_fields.get(part)
            found = None if field is None else field.annotation
        else:
            # The members of a mapping or a tuple: of one kind, which its annotation names.
            found = next((each for each in reversed(get_args(found)) if each is not Ellipsis), None)
    return found.model_fields if _is_model(found) else {}


def _is_model(annotation: Any) -> bool:
    return isinstance(annotation, type) and issubclass(annotation, BaseModel)
