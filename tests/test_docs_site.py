"""The site of the documentation builds without a warning, reaches every page, and leaves nothing out."""

from __future__ import annotations

import csv
import os
import re
import runpy
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import typer

import calibrant
from calibrant import analysis, calibrators, io, metrics, plots, predictions
from calibrant.calibrators import CALIBRATORS
from calibrant.cli.main import app
from tests.test_metric_pages import run_examples

DOCS = Path(__file__).parents[1] / "docs"
CALIBRATOR_PAGES = sorted((DOCS / "calibrators").glob("*.md"))
WITH_EXAMPLES = [
    page
    for page in [*sorted(DOCS.glob("how-to/*.md")), DOCS / "deploy.md"]
    if ">>> " in page.read_text(encoding="utf-8")
]


@pytest.fixture
def _extensions(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.syspath_prepend(str(DOCS / "ext"))


def commands(command: Any, name: str) -> Iterator[tuple[str, Any]]:
    """Yield every command of the program with the words that call it."""
    yield name, command
    for child_name, child in getattr(command, "commands", {}).items():
        yield from commands(child, f"{name} {child_name}")


@pytest.mark.usefixtures("_extensions")
def test_every_command_and_every_option_is_in_the_reference() -> None:
    import command_line

    sections = dict(
        re.findall(r"^## `([\w -]+)`\n(.*?)(?=^## |\Z)", command_line.markdown(), re.M | re.DOTALL)
    )
    found = list(commands(typer.main.get_command(app), "calibrant"))
    assert len(found) >= 24
    assert list(sections) == [name for name, _ in found]
    for name, command in found:
        assert "`-h, --help`" in sections[name]
        for param in command.params:
            spelled = param.opts if param.opts[0].startswith("-") else [param.name]
            for option in [*spelled, *param.secondary_opts]:
                pattern = rf"(?<![\w-]){re.escape(option)}(?![\w-])"
                assert re.search(pattern, sections[name]), f"{name}: {option}"


@pytest.mark.usefixtures("_extensions")
def test_what_was_reported_stands_beside_what_was_measured() -> None:
    import measured

    text = measured.markdown()
    assert "| `temperature` | 2.07 | 1.8 ± 0.4 | 1.7188 ± 0.2011 |" in text
    assert "`calibrant run vgg16-cifar100`" in text
    assert "### Not measured" in text


@pytest.mark.usefixtures("_extensions")
def test_tables_of_papers_stand_beside_what_was_measured() -> None:
    import reported

    assert "| ResNet-50 | CIFAR-10 | cross-entropy | ECE at T, % | 1.35 | 1.37 |" in reported.published()
    guo = reported.guo()
    assert len(guo.splitlines()) == 9
    assert "| `temperature` | 2.02 | 2.72 ± 0.13 | 1.26 | 1.44 ± 0.35 |" in guo


@pytest.mark.data
def test_the_published_networks_are_measured_as_the_page_says(calibrant_data: Path) -> None:
    from benchmarks.published import table

    with (DOCS / "published.csv").open(encoding="utf-8", newline="") as file:
        assert list(csv.DictReader(file)) == table(calibrant_data / "predictions")


@pytest.mark.usefixtures("_extensions")
def test_signs_of_formulas_are_escaped_and_examples_are_not() -> None:
    import docstrings

    assert docstrings.escaped(["A ridge |a - b| of `a_` on a_."]) == [r"A ridge \|a - b\| of `a_` on a\_."]
    assert docstrings.one_by_one(["n, k : int", "    Size."]) == [
        "n : int",
        "    Size.",
        "k : int",
        "    Size.",
    ]
    assert docstrings.escaped([">>> fit.a_ | 1", "a_"]) == [">>> fit.a_ | 1", "a_"]


def test_there_is_a_page_and_a_picture_for_every_calibrator() -> None:
    assert {page.stem for page in CALIBRATOR_PAGES} == set(CALIBRATORS)
    assert set(runpy.run_path(str(DOCS / "calibrators" / "pictures.py"))["NAMES"]) == set(CALIBRATORS)
    for page in CALIBRATOR_PAGES:
        assert f"]({page.stem}.png)" in page.read_text(encoding="utf-8")


@pytest.mark.parametrize("page", CALIBRATOR_PAGES, ids=lambda page: page.stem)
def test_the_page_of_a_calibrator_agrees_with_it(page: Path) -> None:
    text, method = page.read_text(encoding="utf-8"), CALIBRATORS[page.stem]
    assert f"`{method.method}`, class `{method.__name__}`." in text
    assert ("Keeps every predicted class." in text) == method.keeps_argmax
    assert re.search(r"^```\n.+?^```$", text, flags=re.DOTALL | re.MULTILINE)
    use_when = method.use_when[0].upper() + method.use_when[1:]
    assert f"**When to use it.** {use_when}." in text
    assert "**When it misleads.**" in text
    assert run_examples(page.name, text).attempted >= 3


@pytest.mark.parametrize("page", WITH_EXAMPLES, ids=lambda page: page.stem)
def test_the_examples_of_how_to_pages_run(page: Path) -> None:
    assert run_examples(page.name, page.read_text(encoding="utf-8")).attempted >= 2


def test_the_numbers_of_the_tutorial_on_logits(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    text = (DOCS / "tutorials" / "logits.md").read_text(encoding="utf-8")
    (program,) = re.findall(r"^```python\n(.*?)^```$", text, flags=re.DOTALL | re.MULTILINE)
    monkeypatch.chdir(tmp_path)
    exec(program, {})
    fitted = calibrant.TemperatureScaling().fit(calibrant.read("val.npz"))
    assert fitted.describe() in text
    after = calibrant.evaluate(fitted.transform(calibrant.read("test.npz")))
    assert f"ECE, top-label           0.1381  {after.ece:.4f}" in text
    assert f"log-loss (nats)          1.0269  {after.nll:.4f}" in text


def test_the_site_builds_without_a_warning_and_fetches_nothing(tmp_path: Path) -> None:
    for package in ("sphinx", "myst_parser", "furo"):
        pytest.importorskip(package)
    command = [sys.executable, "-m", "sphinx", "-q", "-W", "--keep-going", "-d", str(tmp_path / "doctrees")]
    done = subprocess.run(
        [*command, str(DOCS), str(tmp_path / "site")],
        env={**os.environ, "PYTHONPATH": str(Path(calibrant.__file__).parents[1]), "PYTHONWARNINGS": ""},
        capture_output=True,
        text=True,
        check=False,
        timeout=600,
    )
    assert done.returncode == 0, done.stderr
    pages = {
        page.relative_to(tmp_path / "site").with_suffix(".md") for page in (tmp_path / "site").rglob("*.html")
    }
    assert {page.relative_to(DOCS) for page in DOCS.rglob("*.md")} <= pages
    for page in (tmp_path / "site").rglob("*.html"):
        text = page.read_text(encoding="utf-8")
        assert not re.search(r"<(?:script|link|img)[^>]+(?:src|href)=\"https?://", text), page
    names = (tmp_path / "site" / "api.html").read_text(encoding="utf-8")
    for package in (analysis, calibrators, io, metrics, plots, predictions):
        for name in package.__all__:
            full = f"{package.__name__}.{name}"
            assert f'id="{full}"' in names or f">{full}<" in names, full
    commands_page = (tmp_path / "site" / "commands.html").read_text(encoding="utf-8")
    assert "--in-parts" in commands_page
    assert not re.search("[–—“”‘’]", re.sub("<[^>]+>", "", commands_page.partition("<article")[2]))
