"""The page on figures: a line and a picture for every kind, which the build draws."""

from __future__ import annotations

import doctest
import re
import runpy
from pathlib import Path

import pytest

from calibrant.plots import KINDS
from tests.plots.figures import assert_text_stands_clear

DOCS = Path(__file__).parents[1] / "docs"
TEXT = (DOCS / "figures.md").read_text(encoding="utf-8")
PICTURES = DOCS / "figures"


def test_every_kind_has_a_line_and_a_picture() -> None:
    lines = re.findall(
        r"^\| `([\w-]+)` \| ([^|]{20,}) \| !\[[^\]]{20,}\]\(figures/([\w-]+)\.png\) \|$", TEXT, re.M
    )
    assert [kind for kind, _, _ in lines] == list(KINDS)
    assert [picture for _, _, picture in lines] == list(KINDS)
    assert runpy.run_path(str(PICTURES / "pictures.py"))["NAMES"] == tuple(KINDS)


def test_the_examples_run() -> None:
    blocks = re.findall(r"^```python\n(.*?)^```$", TEXT, flags=re.DOTALL | re.MULTILINE)
    test = doctest.DocTestParser().get_doctest("\n".join(blocks), {}, "figures.md", None, None)
    found = doctest.DocTestRunner(verbose=False).run(test)
    assert (found.failed, found.attempted) == (0, 9)


def test_links_lead_somewhere() -> None:
    links = re.findall(r"\]\(([^)#]+)\)", re.sub(r"^```.*?^```$", "", TEXT, flags=re.DOTALL | re.MULTILINE))
    assert len(links) == len(KINDS) + 2
    drawn = {f"figures/{kind}.png" for kind in KINDS}
    for link in set(links) - drawn:
        assert (DOCS / link).is_file(), link


@pytest.mark.parametrize("kind", sorted(set(KINDS) - {"methods"}))
def test_the_script_draws_what_can_be_read(kind: str) -> None:
    script = runpy.run_path(str(PICTURES / "pictures.py"))
    rows, validation = (script["drawn"](400, script["ANIMALS"], seed=seed) for seed in (1, 2))
    assert_text_stands_clear(KINDS[kind](rows, script["options_of"](kind, validation)))
