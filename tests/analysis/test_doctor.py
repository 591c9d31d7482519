"""The diagnosis as a whole: every check has its place, every refusal its finding, every reader its form."""

from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra import numpy as hnp

from calibrant.analysis import doctor
from calibrant.analysis.checks import (
    CHECKS,
    FITTING_CHECKS,
    OF_ALL_SCORES,
    OF_CLASSES,
    PAIR_CHECKS,
    ROW_CHECKS,
    TOP_LABEL_CHECKS,
    TOP_LABEL_ROW_CHECKS,
)
from calibrant.errors import CalibrantError
from calibrant.io import read_raw
from calibrant.predictions import Predictions, RawPredictions, RawTopLabel, TopLabelPredictions
from tests.analysis.checks.cases import sound
from tests.cli.program import check_schema
from tests.real_predictions import NETS, NETS_WITH_VALIDATION
from tests.top_label_rows import image_net_file

ROOT = Path(__file__).parents[2]
REGISTRIES: tuple[dict[str, Any], ...] = (CHECKS, ROW_CHECKS, FITTING_CHECKS, PAIR_CHECKS)
HALVES = (slice(None, 25_000), slice(25_000, None))
TOP_LABEL: dict[str, Any] = TOP_LABEL_CHECKS | TOP_LABEL_ROW_CHECKS
ALONE = len(CHECKS) + len(ROW_CHECKS) + len(FITTING_CHECKS)
ALL: dict[str, Any] = {
    name: check for registry in (*REGISTRIES, TOP_LABEL) for name, check in registry.items()
}


def test_every_check_bears_the_name_of_its_function_once() -> None:
    names = [name for registry in REGISTRIES for name in registry]
    assert len(names) == len(set(names)) == 31
    assert len(ALL) == 39
    for registry in (*REGISTRIES, TOP_LABEL):
        for name, check in registry.items():
            assert check is ALL[name]
            assert check.__name__ == name
            assert check.__doc__


def test_every_check_of_a_file_is_made_of_the_top_label_or_said_to_need_more() -> None:
    assert set(OF_ALL_SCORES) | set(TOP_LABEL) == set(ALL) - set(PAIR_CHECKS)
    assert set(OF_ALL_SCORES).isdisjoint(TOP_LABEL)
    assert set(ALL) >= OF_CLASSES


def test_every_check_is_documented_and_no_other() -> None:
    table = (ROOT / "docs" / "doctor.md").read_text(encoding="utf-8")
    documented = [line.split("`")[1] for line in table.splitlines() if line.startswith("| `")]
    assert documented == list(ALL)


@pytest.mark.parametrize("name", sorted(ALL))
def test_every_check_is_tested_both_ways(name: str) -> None:
    tests = "".join(
        path.read_text(encoding="utf-8") for path in Path(__file__).parent.glob("checks/test_*.py")
    )
    fired = f'fires("{name}"' in tests or f'only("{name}"' in tests
    assert fired
    assert f'silent("{name}"' in tests or f'"{name}"' in tests.partition("NAMES = ")[2].partition(")")[0]


def values() -> Any:
    return st.one_of(st.sampled_from([np.nan, np.inf, -np.inf, 0.0, 1.0, 0.5, 1e300]), st.floats(-30, 30))


@st.composite
def anything(draw: st.DrawFn) -> RawPredictions:
    n, k = draw(st.integers(0, 12)), draw(st.integers(0, 4))
    shape = draw(st.sampled_from([(n, k), (n,), (n, 1), (n, k, 2)]))
    scores = draw(hnp.arrays(np.float64, shape, elements=values()))
    kind = draw(st.sampled_from(["logits", "probs"]))
    if kind == "probs" and draw(st.booleans()) and len(shape) == 2 and k > 0 and np.isfinite(scores).all():
        total = np.abs(scores).sum(axis=1, keepdims=True)
        scores = np.divide(np.abs(scores), total, where=total > 0, out=np.zeros_like(scores))
    m = n if draw(st.booleans()) else draw(st.integers(0, 12))
    labels = draw(
        st.one_of(
            hnp.arrays(np.int64, m, elements=st.integers(0, max(k - 1, 1))),
            hnp.arrays(np.int64, m, elements=st.integers(-2, 6)),
            hnp.arrays(np.float64, m, elements=values()),
            hnp.arrays(np.int64, (m, 2), elements=st.integers(0, 1)),
            hnp.arrays("U1", m),
        )
    )
    classes = draw(st.sampled_from([None, ("a", "b"), ("a", "b", "c"), ("a", "a")]))
    weight = draw(st.sampled_from([None, np.ones(n), -np.ones(n), np.ones(n + 1), np.zeros(n)]))
    return RawPredictions(scores, kind, labels, classes, weight)


@given(anything(), st.none() | anything())
def test_what_is_refused_elsewhere_is_an_error_here_and_nothing_raises(
    raw: RawPredictions, fit: RawPredictions | None
) -> None:
    diagnosis = doctor(raw, fit)
    for owner, rows in (("file", raw), ("fit", fit)):
        if rows is None:
            continue
        try:
            Predictions.from_raw(rows)
        except CalibrantError:
            assert any(found.severity == "error" and found.of == owner for found in diagnosis.findings)
    check_schema(json.loads(json.dumps(diagnosis.to_json(), allow_nan=False)))
    assert set(diagnosis.made).isdisjoint(diagnosis.left_out)
    assert len(diagnosis.made) + len(diagnosis.left_out) == (ALONE if fit is None else 2 * ALONE - 1 + 3)
    for line in str(diagnosis).splitlines():
        assert len(line) <= 100


@st.composite
def anything_of_the_top_label(draw: st.DrawFn) -> RawTopLabel:
    n = draw(st.integers(0, 12))
    m = n if draw(st.booleans()) else draw(st.integers(0, 12))
    numbers = hnp.arrays(np.int64, m, elements=st.integers(-1, 6))
    fractions = hnp.arrays(np.float64, m, elements=values())
    confidence = draw(
        hnp.arrays(np.float64, n, elements=st.floats(0, 1))
        | hnp.arrays(np.float64, draw(st.sampled_from([n, (n, 1), (n, 2)])), elements=values())
        | hnp.arrays("U1", n)
    )
    outcomes = hnp.arrays(np.int64, m, elements=st.integers(0, 1)) | hnp.arrays(np.bool_, m) | numbers
    return RawTopLabel(
        confidence,
        correct=draw(st.none() | outcomes | fractions),
        prediction=draw(st.none() | numbers | fractions),
        labels=draw(st.none() | numbers | hnp.arrays(np.int64, (m, 2), elements=st.integers(0, 1))),
        classes=draw(st.sampled_from([None, ("a", "b"), ("a", "a"), tuple("abcdefg")])),
        sample_weight=draw(st.sampled_from([None, np.ones(n), -np.ones(n), np.ones(n + 1)])),
    )


@given(anything_of_the_top_label(), st.none() | anything_of_the_top_label() | anything())
def test_the_same_holds_of_the_top_label(raw: RawTopLabel, fit: RawTopLabel | RawPredictions | None) -> None:
    diagnosis = doctor(raw, fit)
    try:
        TopLabelPredictions.from_raw(raw)
    except CalibrantError:
        assert any(found.severity == "error" and found.of == "file" for found in diagnosis.findings)
    check_schema(json.loads(json.dumps(diagnosis.to_json(), allow_nan=False)))
    assert set(diagnosis.made).isdisjoint(diagnosis.left_out)
    named = {*diagnosis.made, *diagnosis.left_out}
    alone = set(ALL) - set(PAIR_CHECKS)
    assert {name for name in named if not name.startswith("fit: ")} == (alone if fit is None else set(ALL))


def test_nothing_found_names_the_number_of_checks() -> None:
    assert str(doctor(sound(20_000, 3))) == f"nothing found: {ALONE} checks made."


def test_the_worst_comes_first_and_the_last_line_counts() -> None:
    raw = sound(300, 3)
    raw.scores[5] = np.nan
    raw.scores[100:150], raw.labels[100:150] = raw.scores[:50], raw.labels[:50]
    diagnosis = doctor(raw)
    assert [found.severity for found in diagnosis.findings] == ["error", "warning", "note"]
    assert diagnosis.worst == "error"
    lines = str(diagnosis).splitlines()
    assert lines[0].startswith("error    finite_scores: ")
    assert lines[-1] == f"1 error, 1 warning, 1 note; {ALONE} checks made."
    assert "         2 rows, such as row 5." in lines


def test_what_could_not_be_checked_is_said() -> None:
    raw = sound(300, 3)
    diagnosis = doctor(replace(raw, labels=raw.labels[:-1]), sound(300, 3))
    assert set(diagnosis.left_out) == set(ROW_CHECKS) | set(PAIR_CHECKS)
    assert f"{len(ROW_CHECKS)} checks not made: the file lacks sound rows" in str(diagnosis)
    assert f"{len(PAIR_CHECKS)} checks not made: comparing needs sound rows in both files." in str(diagnosis)


def test_findings_in_the_fitting_file_are_marked() -> None:
    fit = sound(3000, 3, seed=2)
    diagnosis = doctor(sound(3000, 3, seed=1), replace(fit, labels=fit.labels + 1))
    found = diagnosis.findings[0]
    assert (found.name, found.of) == ("label_range", "fit")
    assert "label_range (fitting file): the labels count from 1" in str(diagnosis)
    assert (diagnosis.fit_n, diagnosis.fit_k) == (3000, 3)


def test_arguments_stay_as_they_are() -> None:
    raw = sound(600, 3, kind="probs")
    before = raw.scores.copy(), raw.labels.copy()
    raw.scores.flags.writeable = raw.labels.flags.writeable = False
    doctor(raw, raw)
    assert np.array_equal(raw.scores, before[0])
    assert np.array_equal(raw.labels, before[1])


@pytest.mark.data
@pytest.mark.parametrize("net", NETS)
def test_real_nets_are_sound(net: str, calibrant_data: Path) -> None:
    folder = calibrant_data / "predictions" / net
    fit = read_raw(folder / "val.npz") if net in NETS_WITH_VALIDATION else None
    diagnosis = doctor(read_raw(folder / "test.npz"), fit)
    assert diagnosis.worst in (None, "note"), str(diagnosis)
    noted = {found.name for found in diagnosis.findings}
    assert noted <= {"saturation", "rows_for_parameters"}
    assert ("saturation" in noted) == (
        net in ("c10-resnet110-human", "c10-wrn-16-4-netcal", "c100-densenet-bc-100-netcal")
    )


@pytest.mark.data
def test_spoilt_rows_of_a_real_net_are_found(calibrant_data: Path) -> None:
    folder = calibrant_data / "predictions" / "c10-resnet50-cross-entropy"
    test, fit = read_raw(folder / "test.npz"), read_raw(folder / "val.npz")
    swapped = replace(test, scores=test.scores[:, [0, 1, 3, 2, *range(4, 10)]])
    leaked = replace(
        test,
        scores=np.concatenate([test.scores, fit.scores[:2000]]),
        labels=np.concatenate([test.labels, fit.labels[:2000]]),
    )
    assert [found.name for found in doctor(swapped, fit).findings if found.severity != "note"] == [
        "relabelled"
    ]
    assert [found.name for found in doctor(leaked, fit).findings if found.severity != "note"] == ["overlap"]


@pytest.mark.data
def test_a_real_file_of_the_top_label_is_sorted_by_class() -> None:
    raw = read_raw(image_net_file())
    diagnosis = doctor(raw)
    assert [found.name for found in diagnosis.findings if found.severity != "note"] == ["confidence_drift"]
    assert diagnosis.findings[0].what.endswith("; the rows are sorted by class.")
    assert len(diagnosis.made) == len(TOP_LABEL)
    order = np.random.default_rng(0).permutation(len(raw.labels))
    columns = {name: getattr(raw, name)[order] for name in ("confidence", "prediction", "labels")}
    halves = [RawTopLabel(**{name: column[rows] for name, column in columns.items()}) for rows in HALVES]
    shuffled = doctor(*halves)
    assert shuffled.worst == "note", str(shuffled)
    assert {found.name for found in shuffled.findings} <= {"confidence_saturation", "duplicates", "overlap"}
    leaked = doctor(halves[0], RawTopLabel(**{name: column[20_000:] for name, column in columns.items()}))
    assert leaked.findings[0].name == "overlap"
    assert leaked.findings[0].severity == "error"
