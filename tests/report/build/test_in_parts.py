"""Rows in parts: what the report of the whole says, without what needs all rows at once."""

from __future__ import annotations

import pytest

from calibrant.calibrators import TemperatureScaling
from calibrant.errors import InvalidArgument
from calibrant.predictions import Table
from calibrant.report.build import predictions_report, table_report
from calibrant.report.model import from_json, to_json
from tests.drawn_predictions import overconfident
from tests.predictions.tables import in_parts

METHODS = ("vector", "auto")


def test_the_report_of_parts_is_that_of_the_whole() -> None:
    validation, test = overconfident(400, 3, seed=1), overconfident(300, 3, seed=2)
    whole = predictions_report(test, validation=validation, methods=("vector",))
    parts = table_report(in_parts(test, 100, 180), validation=in_parts(validation, 150), methods=("vector",))
    assert (parts.n, parts.k, parts.method) == (300, 3, "temperature")
    assert parts.verdict.headline == whole.verdict.headline
    for mine, its in zip(parts.metrics, whole.metrics, strict=True):
        assert mine.name == its.name
        assert mine.after is not None
        assert its.after is not None
        assert (mine.before.value, mine.after.value) == pytest.approx((its.before.value, its.after.value))
    for panel, other in zip(parts.panels, whole.panels, strict=True):
        assert [of.n for of in panel.before.bins] == [of.n for of in other.before.bins]
        assert panel.before.outside == other.before.outside
    assert [row.name for row in parts.classes] == [row.name for row in whole.classes]
    assert [row.recall for row in parts.classes] == pytest.approx([row.recall for row in whole.classes])
    assert parts.slider is not None
    assert whole.slider is not None
    assert parts.slider.ece == pytest.approx(whole.slider.ece)
    assert parts.deferral.before_errors == pytest.approx(whole.deferral.before_errors)
    by_bins = [test for test in whole.tests if "Kuiper" not in test.title]
    assert [(test.title, test.when) for test in parts.tests] == [(test.title, test.when) for test in by_bins]
    assert [test.p_value for test in parts.tests] == pytest.approx([test.p_value for test in by_bins])
    assert parts.detectable is not None
    assert whole.detectable is not None
    assert parts.detectable.error == pytest.approx(whole.detectable.error)
    assert parts.deferral.after_coverage == pytest.approx(whole.deferral.after_coverage)
    assert parts.provenance.files[0].content == whole.provenance.files[0].content
    assert from_json(to_json(parts)) == parts


def test_what_needs_all_rows_is_left_out_in_words() -> None:
    test = overconfident(300, 2, seed=2)
    report = table_report(in_parts(test, 100, 180), calibrator=TemperatureScaling().fit(test), methods=())
    assert (report.groups, report.findings, report.methods) == (None, (), None)
    assert report.deferral.aurc_before is None
    assert any("read in parts" in note for note in report.provenance.notes)
    assert "flattered" in report.provenance.notes[0]


def test_of_two_classes_the_positive_one_has_its_view() -> None:
    test = overconfident(300, 2, seed=2)
    calibrator = TemperatureScaling().fit(overconfident(400, 2, seed=1))
    whole = predictions_report(test, calibrator=calibrator, methods=())
    parts = table_report(in_parts(test, 100, 180), calibrator=calibrator, methods=())
    assert [panel.title for panel in parts.panels] == [panel.title for panel in whole.panels]
    for mine, its in zip(parts.panels[1].before.bins, whole.panels[1].before.bins, strict=True):
        assert mine.n == its.n
        assert (mine.band_low, mine.band_high) == (
            pytest.approx(its.band_low),
            pytest.approx(its.band_high),
        )
    assert parts.positive is not None
    assert whole.positive is not None
    for name in ("before_false_positive", "after_false_negative"):
        assert getattr(parts.positive, name) == pytest.approx(getattr(whole.positive, name))


def test_methods_that_take_no_parts_are_listed() -> None:
    validation, test = overconfident(400, 3, seed=1), overconfident(300, 3, seed=2)
    report = table_report(in_parts(test, 100, 180), validation=in_parts(validation, 150), methods=METHODS)
    assert report.methods is not None
    assert {row.method for row in report.methods.rows} == {"identity", "temperature", "vector"}
    assert [refused.method for refused in report.methods.refused] == ["auto"]


def test_the_same_rows_are_refused() -> None:
    test: Table = in_parts(overconfident(300, 2), 100)
    with pytest.raises(InvalidArgument, match="hold the same rows"):
        table_report(test, validation=test)
