"""Provenance: names without folders, hashes of bytes and of rows, versions."""

from __future__ import annotations

import hashlib
from importlib.metadata import version
from pathlib import Path

from calibrant import __version__
from calibrant.io import write
from calibrant.report.build import Origin, predictions_report
from tests.drawn_predictions import overconfident


def test_files_are_named_and_hashed(tmp_path: Path) -> None:
    test = overconfident(50, 3)
    path = tmp_path / "my test.npz"
    write(test, path)
    report = predictions_report(test, origin=Origin(test=str(path), command="calibrant report"), seed=4)
    (facts,) = report.provenance.files
    assert (facts.role, facts.name, facts.rows) == ("test", "my test.npz", 50)
    assert facts.sha256 == hashlib.sha256(path.read_bytes()).hexdigest()
    assert facts.content == test.content_hash
    assert report.provenance.seed == 4
    assert report.provenance.command == "calibrant report"
    found = dict(report.provenance.versions)
    assert (found["calibrant"], found["numpy"]) == (__version__, version("numpy"))


def test_a_folder_and_rows_in_memory_have_no_hash_of_bytes(tmp_path: Path) -> None:
    test = overconfident(50, 3)
    assert predictions_report(test).provenance.files[0].sha256 is None
    folder = predictions_report(test, origin=Origin(test=str(tmp_path)))
    assert folder.provenance.files[0].sha256 is None
    assert folder.provenance.files[0].name == tmp_path.name
