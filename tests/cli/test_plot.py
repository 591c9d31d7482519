"""`calibrant plot`."""

from __future__ import annotations

from pathlib import Path

import pytest

from calibrant.plots.registry import KINDS
from tests.cli.conftest import Program

STARTS = {".png": b"\x89PNG", ".svg": b"<?xml", ".pdf": b"%PDF"}


@pytest.mark.parametrize("kind", sorted(KINDS))
def test_every_kind_is_drawn(calibrant: Program, held_out: Path, tmp_path: Path, kind: str) -> None:
    path = tmp_path / f"{kind}.png"
    outcome = calibrant("plot", held_out, "--kind", kind, "-o", path)
    assert (outcome.code, outcome.out, outcome.err) == (0, "", f"wrote {path}\n")
    assert path.read_bytes().startswith(STARTS[".png"])


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
        (["-o", "figure.png", "--kind", "pie"], "there is no figure 'pie'; kinds: "),
        (["-o", "figure.png", "--class", "dog"], "there is no class 'dog'"),
        (["-o", "figure.png", "--bins", "0"], "--bins"),
        (
            ["-o", "figure.png", "--kind", "sweep", "--temperatures", "0"],
            "temperatures must be numbers above 0",
        ),
        (["-o", "figure.png", "--kind", "sweep", "--class", "cat"], "takes no other bins, scheme or class"),
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
