"""`calibrant plot`."""

from __future__ import annotations

from pathlib import Path

import pytest
from PIL import Image

from calibrant.plots.registry import KINDS
from tests.cli.conftest import Program

STARTS = {".png": b"\x89PNG", ".svg": b"<?xml", ".pdf": b"%PDF"}


MORE = {
    "before-after": ("--validation", "val.npz"),
    "subgroups": ("--by", "predicted"),
    "methods": ("--validation", "val.npz", "--methods", "platt"),
}


@pytest.mark.parametrize("kind", sorted(KINDS))
def test_every_kind_is_drawn(
    calibrant: Program, held_out: Path, validation: Path, tmp_path: Path, kind: str
) -> None:
    path = tmp_path / f"{kind}.png"
    more = [str(validation) if word == validation.name else word for word in MORE.get(kind, ())]
    outcome = calibrant("plot", held_out, "--kind", kind, "-o", path, *more)
    assert (outcome.code, outcome.out, outcome.err) == (0, "", f"wrote {path}\n")
    assert path.read_bytes().startswith(STARTS[".png"])


def test_the_kinds_are_listed_without_a_file(calibrant: Program) -> None:
    outcome = calibrant("plot", "--kinds")
    assert (outcome.code, outcome.err) == (0, "")
    lines = outcome.out.splitlines()[1:]
    assert [line.split()[0] for line in lines] == list(KINDS)
    for line, kind in zip(lines, KINDS.values(), strict=True):
        assert kind.summary in line
        assert line.endswith("yes" if kind.in_parts else "no")


@pytest.mark.parametrize(("width", "inches"), [("column", 3.3), ("text", 6.9), ("4.5", 4.5)])
def test_a_figure_is_as_wide_as_is_asked_for(
    calibrant: Program, held_out: Path, tmp_path: Path, width: str, inches: float
) -> None:
    path = tmp_path / "figure.png"
    assert calibrant("plot", held_out, "--kind", "cumulative", "--width", width, "-o", path).code == 0
    with Image.open(path) as image:
        assert image.width == pytest.approx(300 * inches, abs=1)


@pytest.mark.parametrize("kind", ["before-after", "risk-coverage", "cost", "decomposition"])
def test_a_stored_calibrator_is_drawn_beside_the_rows(
    calibrant: Program, held_out: Path, calibrator: Path, tmp_path: Path, kind: str
) -> None:
    path = tmp_path / "figure.svg"
    words = ("--kind", kind, "--calibrator", calibrator, "-o", path)
    assert calibrant("plot", held_out, *words).code == 0
    assert "<!-- after" in path.read_text(encoding="utf-8")


def test_the_rows_of_the_fit_are_drawn_with_a_warning(
    calibrant: Program, validation: Path, calibrator: Path, tmp_path: Path
) -> None:
    words = ("--kind", "before-after", "--calibrator", calibrator, "-o", tmp_path / "figure.svg")
    assert "these are the rows the calibrator was fitted on" in calibrant("plot", validation, *words).err


def test_before_and_after_in_parts_are_those_of_the_whole(
    calibrant: Program, held_out: Path, validation: Path, tmp_path: Path
) -> None:
    words = ("plot", held_out, "--kind", "before-after", "--validation", validation)
    assert calibrant(*words, "-o", tmp_path / "whole.svg").code == 0
    assert calibrant(*words, "--in-parts", "-o", tmp_path / "parts.svg").code == 0
    assert (tmp_path / "whole.svg").read_bytes() == (tmp_path / "parts.svg").read_bytes()


@pytest.mark.parametrize("suffix", STARTS)
def test_the_suffix_chooses_the_format(
    calibrant: Program, held_out: Path, tmp_path: Path, suffix: str
) -> None:
    path = tmp_path / f"figure{suffix}"
    outcome = calibrant("plot", held_out, "--class", "cat", "--bins", 10, "-o", path, "--json")
    assert outcome.json == {"schema": "calibrant.plot/1", "kind": "reliability", "output": str(path)}
    assert path.read_bytes().startswith(STARTS[suffix])


def test_scores_of_others(calibrant: Program, tmp_path: Path) -> None:
    rows = tmp_path / "rows.csv"
    rows.write_text("truth,score\n1,0.75\n0,0.5\n")
    words = ("--logits-key", "score", "--label-key", "truth", "--scores", "probs")
    assert calibrant("plot", rows, "-o", tmp_path / "figure.svg", *words).code == 0


@pytest.mark.parametrize(
    ("words", "message"),
    [
        (["-o", "figure.jpeg"], "figures are written as .png, .svg, .pdf"),
        (["-o", "missing/figure.png"], "there is no folder missing"),
        (["-o", "figure.png", "--kind", "pie"], "there is no figure 'pie'. Known: "),
        (["-o", "figure.png", "--class", "dog"], "there is no class 'dog'"),
        (["-o", "figure.png", "--bins", "0"], "--bins"),
        (
            ["-o", "figure.png", "--kind", "sweep", "--temperatures", "0"],
            "temperatures must be numbers above 0",
        ),
        (["-o", "figure.png", "--kind", "sweep", "--class", "cat"], "the kind 'sweep' takes no class: "),
        (["-o", "figure.png", "--kind", "before-after"], "needs a calibrator (--calibrator), or validation"),
        (["-o", "figure.png", "--kind", "subgroups"], "these predictions have no groups"),
        (["-o", "figure.png", "--kind", "corp", "--in-parts"], "'corp' needs all rows at once"),
        (["-o", "figure.png", "--width", "wide"], "the width must be 'column' (3.3 inches), 'text'"),
        (["-o", "figure.png", "--width", "1"], "from 3 to 20; got '1'"),
        (
            ["-o", "figure.png", "--kind", "before-after", "--validation", "test.csv"],
            "the validation rows are the rows to be drawn",
        ),
        (["-o", "figure.png", "--kind", "cost", "--calibrator", "missing.json"], "missing.json"),
    ],
)
def test_what_cannot_be_drawn_leaves_nothing(
    calibrant: Program,
    held_out: Path,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    words: list[str],
    message: str,
) -> None:
    monkeypatch.chdir(tmp_path)
    outcome = calibrant("plot", held_out, *words)
    assert (outcome.code, outcome.out) == (2, "")
    assert message in outcome.err
    assert "Traceback" not in outcome.err
    assert list(tmp_path.iterdir()) == [held_out]
