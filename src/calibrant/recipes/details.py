"""`details.json`: what the report of a run shows that no other file of it has: layers and example images.

It is written when the run ends, so that its report can be made without the data set.
"""

from __future__ import annotations

import json
from pathlib import Path

from calibrant.atomic import write_text
from calibrant.errors import InvalidRun
from calibrant.foreign import json_value
from calibrant.plain import read_bytes
from calibrant.report.model import Example, Layer, Model

NAME = "details.json"
SCHEMA = "calibrant.run-details/1"


class RunDetails(Model):
    """What a run keeps for its report.

    Attributes
    ----------
    layers : tuple of Layer
        The network, in the order of computation.
    examples : tuple of Example
        Test images that it gets wrong, the surest first.
    skipped : tuple of str
        The first images that could not be read: the place of each, and why.
    versions : tuple of (str, str)
        Packages that the network was trained with.
    """

    layers: tuple[Layer, ...] = ()
    examples: tuple[Example, ...] = ()
    skipped: tuple[str, ...] = ()
    versions: tuple[tuple[str, str], ...] = ()


def write_details(folder: Path, details: RunDetails) -> None:
    """Write `details.json` into a run's folder."""
    content = {"schema": SCHEMA, **details.model_dump(mode="json")}
    write_text(folder / NAME, json.dumps(content, indent=2, ensure_ascii=False, allow_nan=False) + "\n")


def read_details(folder: Path) -> RunDetails:
    """Read `details.json`; a run that has none, because an earlier version wrote it, has no details.

    Raises
    ------
    InvalidRun
        The file is damaged, or has another form.
    UnreadableFile
        It is no plain file, or may not be read.
    """
    path = folder / NAME
    if not path.exists():
        return RunDetails()
    stored = read_bytes(path)
    try:
        content = json_value(stored)
        if content.pop("schema") != SCHEMA:
            raise ValueError("another form")
        return RunDetails.model_validate(content)
    except (ValueError, LookupError, TypeError, AttributeError) as error:
        raise InvalidRun(
            f"{path} is damaged ({type(error).__name__}). Run the recipe again to write it afresh; "
            "nothing is trained twice."
        ) from error
