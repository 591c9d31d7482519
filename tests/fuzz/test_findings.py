"""Every input that fuzzing found, and a few that reach far, are read as they must be; without a fuzzer."""

from __future__ import annotations

from collections import Counter
from pathlib import Path

import pytest

from tools.fuzz.targets import TARGETS, examine

HERE = Path(__file__).parent
FINDINGS, CORPUS = ([*sorted((HERE / part).glob("*/*"))] for part in ("findings", "corpus"))
FOUND = {
    "applied": 3,
    "arrow": 4,
    "calibrator": 7,
    "checkpoint": 2,
    "npy": 6,
    "npz": 7,
    "parquet": 6,
    "parts": 3,
    "program": 3,
    "recipe": 1,
    "report": 5,
    "run": 3,
    "study_folder": 7,
    "torch": 3,
    "weights": 3,
}
"""By target: how many were kept, so that none is lost unseen."""


def test_every_finding_is_still_there() -> None:
    assert Counter(path.parent.name for path in FINDINGS) == FOUND


def test_every_target_has_a_corpus() -> None:
    assert {path.parent.name for path in CORPUS} == set(TARGETS)


@pytest.mark.parametrize("path", FINDINGS, ids=lambda path: f"{path.parent.name}: {path.name}")
def test_what_was_found_is_mended(path: Path) -> None:
    examine(TARGETS[path.parent.name].read(), path.read_bytes())


@pytest.mark.parametrize("name", TARGETS)
def test_the_kept_corpus_is_read(name: str) -> None:
    read = TARGETS[name].read()
    for path in CORPUS:
        if path.parent.name == name:
            examine(read, path.read_bytes())
