"""Figures as files and as SVG text: the same figure gives the same bytes, whole or not at all.

No date, no version and no random id is written.
"""

from __future__ import annotations

import io
import os
from pathlib import Path

from matplotlib.figure import Figure

from calibrant.atomic import write_bytes
from calibrant.errors import InvalidArgument
from calibrant.plots.style import house_style

_SUPPRESSED: dict[str, dict[str, None]] = {
    ".png": {"Software": None},
    ".svg": {"Creator": None, "Date": None, "Format": None, "Type": None},
    ".pdf": {"CreationDate": None, "Creator": None, "Producer": None},
}
DOTS_PER_INCH = 200


def save(figure: Figure, path: str | os.PathLike[str], *, dots_per_inch: int = DOTS_PER_INCH) -> Path:
    """Write a figure as PNG, SVG or PDF, by the suffix of `path`, and return the path.

    Parameters
    ----------
    figure : Figure
        What to write.
    path : path
        Where; its suffix is the format.
    dots_per_inch : int
        Of a PNG, and of pictures inside the others.

    Raises
    ------
    InvalidArgument
        The suffix is another one.
    UnwritableFile
        The folder is missing or read-only, or the disk is full.
    """
    target = Path(path)
    suffix = target.suffix.lower()
    if suffix not in _SUPPRESSED:
        raise InvalidArgument(f"figures are written as {', '.join(_SUPPRESSED)}; got {target.name!r}.")
    buffer = io.BytesIO()
    with house_style():
        figure.savefig(buffer, format=suffix[1:], dpi=dots_per_inch, metadata=_SUPPRESSED[suffix])
    write_bytes(target, buffer.getvalue())
    return target


def to_svg(figure: Figure) -> str:
    """Return a figure as an SVG document."""
    buffer = io.StringIO()
    with house_style():
        figure.savefig(buffer, format="svg", metadata=_SUPPRESSED[".svg"])
    return buffer.getvalue()
