"""JSON documents: calibrators, reports, and the record in a folder of calibrated parts."""

from __future__ import annotations

from pathlib import Path

import numpy as np

from calibrant.calibrators import TemperatureScaling, load
from calibrant.calibrators.base import Calibrator
from calibrant.cli.report_sources import Asked, read_report
from calibrant.io import apply
from calibrant.predictions import Predictions
from calibrant.report.markdown import as_markdown
from calibrant.report.model import AnyReport, to_json
from calibrant.report.text import as_text
from tools.fuzz.archive import spread
from tools.fuzz.verdict import Finding, attempt, printable


def calibrator(content: bytes, folder: Path) -> None:
    """Load a stored calibrator, which then transforms a few rows and is written again."""
    path = folder / "calibrator.json"
    path.write_bytes(content)
    loaded = attempt(lambda: load(path))
    if loaded is not None:
        printable(loaded.describe())
        for k in (2, 3):
            _transform(loaded, k)
        again = folder / "again.json"
        loaded.save(again)
        if attempt(lambda: load(again)) is None:
            raise Finding("what was loaded and saved cannot be loaded again")


def _transform(loaded: Calibrator, k: int) -> None:
    for rows in _rows(k):
        found = attempt(lambda rows=rows: loaded.transform(rows))  # type: ignore[misc]
        if found is None:
            continue
        probs = found.probs()
        if not np.isfinite(probs).all() or np.abs(probs.sum(axis=1) - 1).max() > 1e-3:
            raise Finding("transformed rows are no probabilities")


def _rows(k: int) -> list[Predictions]:
    scores = np.linspace(-4.0, 7.0, 5 * k).reshape(k, 5).T.copy()
    labels = np.arange(5) % k
    hard = scores.copy()
    hard[0, 0], hard[1] = -np.inf, 1000.0 * np.arange(k)
    logits = Predictions.from_logits(scores, labels)
    return [
        logits,
        Predictions.from_logits(hard, np.full(5, k - 1)),
        Predictions.from_probs(logits.probs(), labels),
    ]


def report(content: bytes, folder: Path) -> None:
    """Read a stored report, and show it in all its forms but the page."""
    path = folder / "report.json"
    path.write_bytes(content)
    found = attempt(lambda: _as_asked(path))
    if found is not None:
        for form in (as_text, as_markdown, to_json):
            shown = attempt(lambda form=form: form(found))  # type: ignore[misc]
            printable(shown or "")


def _as_asked(path: Path) -> AnyReport:
    """Read a stored report as the command `calibrant report` does."""
    nothing = dict.fromkeys(("title", "logits_key", "label_key", "counts_key", "kind"))
    return read_report(
        Asked((path,), (), (), None, seed=0, in_parts=False, **nothing)  # type: ignore[arg-type]
    )


def applied(content: bytes, folder: Path) -> None:
    """Go on with a folder of parts of `apply`, whose record is foreign."""
    rows, calibrated = folder / "rows", folder / "calibrated"
    rows.mkdir()
    calibrated.mkdir()
    if not spread(content, calibrated):
        return
    for part in list(calibrated.glob("part-*")):
        (rows / part.name).write_bytes(part.read_bytes())
    calibrator = TemperatureScaling(2.0)
    attempt(lambda: apply(calibrator, rows, calibrated))
