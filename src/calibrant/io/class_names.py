"""Names of classes where a format has no array for them: as a JSON list."""

from __future__ import annotations

from calibrant.errors import UnreadableFile
from calibrant.foreign import json_value


def names_in_json(text: str, where: str) -> tuple[str, ...]:
    """Return the names in a JSON list; `where` says in an error what should be one."""
    try:
        names = json_value(text)
    except ValueError as error:
        raise UnreadableFile(f"{where} must start with a JSON list of names ({error}).") from error
    if not isinstance(names, list) or not all(isinstance(name, str) for name in names):
        raise UnreadableFile(f"{where} must start with a JSON list of names.")
    return tuple(names)
