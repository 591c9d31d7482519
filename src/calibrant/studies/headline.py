"""What the table of a study says, in one sentence: no more than its numbers and their spread over seeds bear.

What it means is for people to say.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Sequence

from calibrant.studies.stored_table import StoredRow, StoredSpread, StoredTable
from calibrant.studies.study import EndingName
from calibrant.studies.table import plain

_OVER_SEEDS = "; numbers are mean ± standard deviation over seeds"
_ONE_SEED = "; all of one seed, so that chance is not shown"
_RESULTS = {
    "error": "error",
    "ece": "ECE",
    "nll": "log-loss",
    "val_error": "error",
    "val_nll": "log-loss",
    "val_temperature": "best T",
}
_FRACTIONS = ("error", "ece", "val_error")


def headline(table: StoredTable) -> str:
    """Return the sentence."""
    said = _OF_ENDING.get(table.ending, _best_and_worst)(table)
    alone = all(spread.spread is None for row in table.rows for spread in row.results.values())
    aside = _ONE_SEED if alone else _OVER_SEEDS if "±" in said else ""
    return f"{said}{aside}."


def _factor(table: StoredTable) -> str:
    """Say how error and ECE move from the first value of each series to the last."""
    return f"On {table.scored} images: " + "; ".join(
        f"{name}, {table.value_title} {plain(rows[0].value)} to {plain(rows[-1].value)}: "
        f"{_moves(rows[0], rows[-1], ('error', 'ece'))}{_least_between(rows)}"
        for name, rows in table.by_series().items()
    )


def _least_between(rows: Sequence[StoredRow]) -> str:
    """Say at which inner value the ECE is less than at both ends by more than the seeds differ."""
    least = min(rows, key=lambda row: row.results["ece"].mean)
    ece = least.results["ece"]
    if any(_difference(ece, end.results["ece"]) != "rises" for end in (rows[0], rows[-1])):
        return ""
    return f", but is least, {ece.per_cent()}, at {plain(least.value)}"


def _overfitting(table: StoredTable) -> str:
    """Say what has changed in the last epoch since the log-loss was lowest."""
    return f"On {table.scored} images: " + "; ".join(
        f"{name}, from the epoch of the {rows[0].part} to the {rows[-1].part}: "
        f"{_moves(rows[0], rows[-1], ('val_nll', 'val_error', 'val_temperature'))}"
        for name, rows in table.by_series().items()
    )


def _calibrators(table: StoredTable) -> str:
    """Say which method has the least log-loss on how many networks; methods that agree share a place."""
    networks = table.by_series()
    if not networks:
        raise LookupError("there is no row")
    best = Counter(_best_methods(rows) for rows in networks.values())
    of_all = f"of {len(networks)} network{'' if len(networks) == 1 else 's'}"
    said = _listed(f"{names} on {count} {of_all}" for names, count in best.most_common())
    return f"The least log-loss on {table.scored} images, seeds averaged, is that of {said}"


def _best_methods(rows: Sequence[StoredRow]) -> str:
    losses = {row.part: row.results["nll"].mean for row in rows if "nll" in row.results}
    if not losses:
        raise KeyError("nll")
    least = min(losses.values())
    return " and ".join(sorted(name for name, loss in losses.items() if loss == least))


def _best_and_worst(table: StoredTable) -> str:
    """Say which rows have the least and the largest log-loss; the ECE beside it alone ranks no networks."""
    rows = sorted(
        (row for row in table.rows if "nll" in row.results), key=lambda row: row.results["nll"].mean
    )
    least, largest = rows[0], rows[-1]
    if least is largest:
        return f"{least.series} has the log-loss {_with_ece(least)}"
    return (
        f"The least log-loss on {table.scored} images is that of {least.series}, {_with_ece(least)}, and the "
        f"largest that of {largest.series}, {_with_ece(largest)}"
    )


def _with_ece(row: StoredRow) -> str:
    return f"{row.results['nll'].shown(4)} with an ECE of {row.results['ece'].per_cent()}"


def _moves(first: StoredRow, last: StoredRow, names: Sequence[str]) -> str:
    found = [name for name in names if name in first.results and name in last.results]
    if not found:
        raise KeyError(f"none of {', '.join(names)}")
    return _listed(_move(name, first.results[name], last.results[name]) for name in found)


def _move(name: str, first: StoredSpread, last: StoredSpread) -> str:
    """Say how a result moves, and that it falls or rises only where the seeds bear it."""
    how = _difference(first, last)
    ends = [end.per_cent() if name in _FRACTIONS else end.shown(4) for end in (first, last)]
    numbers = f"from {ends[0]} to {ends[1]}"
    within = " (within the spread)" if how == "" else ""
    return f"the {_RESULTS[name]} {how or 'goes'} {numbers}{within}"


def _difference(first: StoredSpread, last: StoredSpread) -> str | None:
    """Return how a result moves: "" where by no more than the seeds differ, None where there is one seed."""
    change = last.mean - first.mean
    if first.spread is None or last.spread is None:
        return None
    if abs(change) <= first.spread + last.spread:
        return ""
    return "falls" if change < 0 else "rises"


def _listed(words: Iterable[str]) -> str:
    *others, last = words
    return f"{', '.join(others)} and {last}" if others else last


_OF_ENDING: dict[EndingName, Callable[[StoredTable], str]] = {
    "factor": _factor,
    "overfitting": _overfitting,
    "calibrators": _calibrators,
}
