"""Reports: filled from predictions by `build`, typed by `model`, and drawn as page, Markdown or text.

Only `build` measures, and nothing here writes a file.
"""

from __future__ import annotations

from importlib.util import find_spec

from calibrant.errors import MissingExtra

for _package in ("pydantic", "jinja2"):
    if find_spec(_package) is None:
        raise MissingExtra("Writing a report", "report", _package)
