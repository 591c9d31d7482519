"""Several reports under one headline."""

from __future__ import annotations

import pytest

from calibrant.errors import InvalidArgument
from calibrant.report.build import comparison_report, predictions_report
from tests.drawn_predictions import overconfident
from tests.report.reports import small_report


def test_the_headline_names_the_best_and_the_worst() -> None:
    honest = predictions_report(overconfident(400, 3, temperature=1.0), title="honest")
    sure = predictions_report(overconfident(400, 3, temperature=3.0), title="sure")
    middle = predictions_report(overconfident(400, 3, temperature=1.5), title="middle")
    found = comparison_report([sure, honest, middle])
    assert found.title == "sure, honest and middle"
    assert "honest has the least ECE" in found.headline
    assert "and sure the largest" in found.headline
    assert "over-confident by" in found.headline
    assert "after calibration" not in found.headline
    assert [member.title for member in found.members] == ["sure", "honest", "middle"]


def test_with_calibrators_the_best_afterwards_is_named_too() -> None:
    found = comparison_report([small_report(), small_report(3, title="again")], title="nets")
    after = small_report().panels[0].after
    assert after is not None
    assert found.headline.endswith(f"The least after calibration is that of small, {after.ece:.4f}.")
    assert found.title == "nets"
    assert found.provenance.notes == ()


def test_other_numbers_of_rows_are_pointed_out() -> None:
    found = comparison_report([small_report(), predictions_report(overconfident(50, 3))])
    assert "different numbers of rows or classes" in found.provenance.notes[0]


def test_one_report_is_no_comparison() -> None:
    with pytest.raises(InvalidArgument, match="two reports or more; got 1"):
        comparison_report([small_report()])
