"""The verdict of a report, from what its parts measured."""

from __future__ import annotations

from calibrant.report.build.advising import Situation, advice
from calibrant.report.model import Verdict
from calibrant.report.verdict import Repair, verdict


def judged(of: Situation) -> Verdict:
    """Return the verdict, and what to do."""
    repair, after = of.repair, of.rows.after
    worded = None
    if repair is not None and after is not None:
        worded = Repair(
            name=repair.name,
            after=after.evaluation,
            loss=of.loss,
            bound=repair.bound,
            of_test_rows=repair.of_test,
            better=of.better,
        )
    return verdict(of.rows.before.evaluation, worded, advice=advice(of))
