"""A fitted calibrator applied to a file that need not fit into memory, or to a folder of parts.

Rows go through in portions. A folder is made part by part, and a run that was stopped goes on where it was.
"""

from __future__ import annotations

import hashlib
import json
import os
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from itertools import chain, groupby, islice
from pathlib import Path
from typing import Any, Protocol, final

from calibrant._typing import Kind
from calibrant.atomic import make_folder
from calibrant.engine import DEFAULT_ENGINE, Engine
from calibrant.held import held
from calibrant.io.apart import check_apart
from calibrant.io.applied_parts import AppliedParts
from calibrant.io.files import writable
from calibrant.io.in_turn import counted, write_in_turn
from calibrant.io.place import Place
from calibrant.io.registry import FORMATS, format_of
from calibrant.io.shard import Shard, shards
from calibrant.io.table import table_of
from calibrant.predictions import Predictions


class Fitted(Protocol):
    """What calibrators are to a file."""

    @property
    def method(self) -> str:
        """Name of the method."""
        ...

    @property
    def bound_to(self) -> Kind | None:
        """What the scores must be for the parameters to mean what they did; None for any."""
        ...

    def parameters(self) -> dict[str, Any]:
        """Return what was learned, as JSON values."""
        ...

    def transform(self, predictions: Predictions) -> Predictions:
        """Return the rows with calibrated scores."""
        ...


@final
@dataclass(frozen=True, slots=True)
class Applied:
    """What is in place now.

    Attributes
    ----------
    n : int
        Number of rows.
    parts : int
        Number of files.
    skipped : int
        Those of them that an earlier run had finished.
    """

    n: int
    parts: int
    skipped: int


def apply(
    calibrator: Fitted,
    source: str | os.PathLike[str],
    target: str | os.PathLike[str],
    *,
    logits_key: str | None = None,
    label_key: str | None = None,
    kind: Kind | None = None,
    on_rows: Callable[[int], None] = lambda rows: None,
) -> Applied:
    """Write the rows of a file with calibrated scores, a portion at a time.

    A target whose suffix names a format is one file, which appears whole or not at all. Any other is a
    folder, made of a folder: each of its parts gets one of the same name and format, which appears whole or
    not at all. Parts that are there already stay as they are, once a record in the folder has shown that the
    same calibrator made them of the same input, by the size and time of each file. One process at a time
    writes to a folder.

    Parameters
    ----------
    calibrator : Calibrator
        Fitted, for the classes of the rows.
    source, target : path
        The source may be a URL.
    logits_key, label_key, kind
        As for `calibrant.read`.
    on_rows : function
        Called with the number of rows that have been written since the last call.

    Raises
    ------
    UnreadableFile, InvalidPredictions
        As `calibrant.read`.
    IncompatiblePredictions
        The rows have other classes than the calibrator, only the top label's confidence, or counts; or
        probabilities, and the level of the logits that it was fitted on counts for it.
    UnwritableFile
        The place cannot be written to, is that of the source, or holds parts of another calibrator or input.
    FolderInUse
        Another process writes to the folder.
    EmptyPredictions
        All rows of one file weigh 0.

    Examples
    --------
    >>> from calibrant import load
    >>> apply(load("calibrator.json"), "parts/", "calibrated/").skipped  # doctest: +SKIP
    0
    """
    path, place = writable(target), Place.of(source)
    check_apart(path, source, keys=(label_key,))
    found = shards(source, logits_key=logits_key, label_key=label_key, kind=kind)
    table_of(found)
    n = sum(shard.n for shard in found)
    if not place.is_folder or (path.suffix.lower() in FORMATS and not path.is_dir()):
        format_of(Place.of(target))
        write_in_turn(path, found[0].schema, n, counted(_calibrated(calibrator, found), on_rows))
        return Applied(n, 1, 0)
    places = tuple(dict.fromkeys(shard.place for shard in found))
    record = AppliedParts.planned(calibrator.method, _fingerprint(calibrator), found[0].options, places)
    finished = _fill(path, record, calibrator, found, on_rows)
    return Applied(n, len(places), len(finished))


def _fill(
    path: Path,
    record: AppliedParts,
    calibrator: Fitted,
    found: list[Shard],
    on_rows: Callable[[int], None],
) -> frozenset[str]:
    """Make the parts that the folder lacks, and return the names of those that were there."""
    finished = record.finished_in(path)
    missing = _without(finished, found)
    if not missing:
        return finished
    rows = _calibrated(calibrator, missing)
    first = next(rows)  # before there is a folder: what cannot be calibrated leaves none
    rows = chain([first], rows)
    with held(make_folder(path)):
        since = record.finished_in(path)
        if since != finished:  # another process was at it before the folder was held
            finished, missing = since, _without(since, found)
            rows = _calibrated(calibrator, missing)
        record.begin_in(path)
        for part, of_part in groupby(missing, key=lambda shard: shard.place):
            cut = list(of_part)
            portions = _told(islice(rows, len(cut)), on_rows)
            write_in_turn(path / part.name, cut[0].schema, sum(shard.n for shard in cut), portions)
    return finished


def _without(finished: frozenset[str], found: list[Shard]) -> list[Shard]:
    return [shard for shard in found if shard.place.name not in finished]


def _calibrated(calibrator: Fitted, found: list[Shard]) -> Iterator[Predictions]:
    """Give the calibrated rows of each shard; the next is read meanwhile."""

    def work(rows: Predictions, engine: Engine) -> Predictions:
        return calibrator.transform(rows)

    return DEFAULT_ENGINE.over_parts(work, found)


def _told(rows: Iterator[Predictions], on_rows: Callable[[int], None]) -> Iterator[Predictions]:
    for some in rows:
        yield some
        on_rows(some.n)


def _fingerprint(calibrator: Fitted) -> str:
    facts = [calibrator.method, calibrator.parameters(), *filter(None, [calibrator.bound_to])]
    learned = json.dumps(facts, sort_keys=True, allow_nan=False)
    return hashlib.sha256(f"calibrant calibrator 1 {learned}\n".encode()).hexdigest()
