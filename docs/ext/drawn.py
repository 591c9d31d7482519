"""Pictures that the build draws: from stored results, and from rows drawn at random.

The `pictures.py` of a folder of `FOLDERS` names its pictures (`NAMES`) and draws them (`draw`). They are
drawn again where what they are drawn from has changed: the script, the results beside it, or calibrant.
"""

from __future__ import annotations

import hashlib
import runpy
from collections.abc import Callable, Iterator
from importlib.metadata import version
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import calibrant

DOCS = Path(__file__).parents[1]
FOLDERS = ("calibrators", "figures", "images", "metrics", "studies/figures")
_STAMP = ".drawn"
_RESULTS = ("*.csv", "*.json", "*.jsonl")
_LIBRARIES = ("matplotlib", "numpy", "scipy")


def drawn_from(folder: Path) -> str:
    """Return a hash of everything that the pictures of a folder are drawn from."""
    found = hashlib.sha256()
    for path in _inputs(folder):
        found.update(path.name.encode() + b"\0" + path.read_bytes())
    found.update(" ".join(version(library) for library in _LIBRARIES).encode())
    return found.hexdigest()


def draw(folder: Path) -> bool:
    """Draw the pictures of a folder where they are out of date; return whether they were."""
    script = runpy.run_path(str(folder / "pictures.py"))
    names: tuple[str, ...] = script["NAMES"]
    write: Callable[[Path], None] = script["draw"]
    stamp, now = folder / _STAMP, drawn_from(folder)
    if all((folder / f"{name}.png").is_file() for name in names) and _read(stamp) == now:
        return False
    with TemporaryDirectory(dir=folder, prefix=".") as there:
        write(Path(there))
        for name in names:
            (Path(there) / f"{name}.png").replace(folder / f"{name}.png")
    stamp.write_text(now, encoding="ascii")
    return True


def _inputs(folder: Path) -> Iterator[Path]:
    yield folder / "pictures.py"
    for pattern in _RESULTS:
        yield from sorted(folder.rglob(pattern))
    yield from sorted(Path(calibrant.__file__).parent.rglob("*.py"))


def _read(stamp: Path) -> str:
    return stamp.read_text(encoding="ascii") if stamp.is_file() else ""


def _on_builder_inited(_app: Any) -> None:
    for name in FOLDERS:
        draw(DOCS / name)


def setup(app: Any) -> dict[str, bool]:
    """Draw before the pages are read."""
    app.connect("builder-inited", _on_builder_inited)
    return {"parallel_read_safe": True, "parallel_write_safe": True}
