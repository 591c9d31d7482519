"""Each part that needs an extra names it where its packages are not there: looked up, imported or read."""

from __future__ import annotations

import subprocess
import sys
import tomllib
from pathlib import Path

import pytest

EXTRAS = tomllib.loads((Path(__file__).parents[1] / "pyproject.toml").read_text(encoding="utf-8"))["project"][
    "optional-dependencies"
]
WITHOUT = """
import importlib, importlib.util, sys
blocked = set({blocked})
class Blocker:
    def find_spec(self, name, path=None, target=None):
        if name.partition(".")[0] in blocked:
            raise ModuleNotFoundError(f"No module named {{name!r}}", name=name)
looked_up = importlib.util.find_spec
importlib.util.find_spec = lambda name, package=None: (
    None if name.partition(".")[0] in blocked else looked_up(name, package)
)
sys.meta_path.insert(0, Blocker())
from calibrant.errors import MissingExtra
try:
    {code}
except MissingExtra as error:
    print(error.extra)
"""
NEEDS = {
    "train": [
        ("torch", "import calibrant.nets"),
        ("torch", "import calibrant.train"),
        ("pydantic", "import calibrant.recipes"),
        ("torch", "import calibrant.io; calibrant.io.read('rows.pt')"),
    ],
    "plot": [("matplotlib", "import calibrant.plots")],
    "report": [("jinja2", "import calibrant.report"), ("plotly", "import calibrant.report.page")],
    "sklearn": [("sklearn", "import calibrant.sklearn")],
    "parquet": [
        ("pyarrow", "import calibrant.io; calibrant.io.read('rows.parquet')"),
        ("filelock", "from calibrant.held import held; held('.').__enter__()"),
    ],
    "safetensors": [("safetensors", "import calibrant.io; calibrant.io.read('rows.safetensors')")],
    "remote": [("fsspec", "import calibrant.io; calibrant.io.read('memory://rows.npz')")],
    "array": [("array_api_compat", "import calibrant.array_api")],
    "predict": [
        ("PIL", "import calibrant.pictures"),
        ("onnxruntime", "from calibrant.exported.onnx_file import open_onnx; open_onnx('model.onnx')"),
    ],
    "export": [
        *(
            (package, "from calibrant.deploy.onnx_graph import check_onnx; check_onnx()")
            for package in ("onnx", "onnxscript", "onnxruntime")
        ),
        ("skl2onnx", "from calibrant.sklearn.scores_graph import check_skl2onnx; check_skl2onnx()"),
    ],
    "scale": [("distributed", "from calibrant.scale.library import distributed; distributed()")],
}


def test_every_extra_is_tried() -> None:
    assert NEEDS.keys() == EXTRAS.keys() - {"all"}


@pytest.mark.parametrize(
    ("extra", "package", "code"), [(extra, *case) for extra, cases in NEEDS.items() for case in cases]
)
def test_what_is_missing_is_named(extra: str, package: str, code: str, tmp_path: Path) -> None:
    for name in ("rows.pt", "rows.parquet", "rows.safetensors"):
        (tmp_path / name).write_bytes(b"PAR1 rows")
    done = subprocess.run(
        [sys.executable, "-c", WITHOUT.format(blocked=[package], code=code)],
        capture_output=True,
        text=True,
        check=False,
        timeout=60,
        cwd=tmp_path,
    )
    assert (done.stdout.strip(), done.returncode) == (extra, 0), done.stderr
