"""The metrics of arrays, on every library, are those of the compiled loops; each checks the other."""

from __future__ import annotations

import dataclasses
import tracemalloc
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

import calibrant
from calibrant.array_api import evaluate, rows
from calibrant.errors import InvalidArgument
from calibrant.metrics import METRICS, Rows, ece
from calibrant.predictions import Predictions
from tests import oracle
from tests.array_api.backends import BACKENDS, TORCH, Backend
from tests.drawn_predictions import logit_predictions, overconfident, overconfident_probs, prob_predictions

MEASURED = ("accuracy", "mean_confidence", "nll", "brier", "ece", "mce", "rmsce", "classwise_ece")


def measure(backend: Backend, predictions: Predictions, **options: Any) -> Any:
    weight = predictions.sample_weight
    return evaluate(
        backend.make(predictions.scores),
        backend.make(predictions.labels),
        kind=predictions.kind,
        sample_weight=None if weight is None else backend.make(weight),
        **options,
    )


def values(evaluation: Any) -> dict[str, float]:
    names = MEASURED if evaluation.ece_positive is None else (*MEASURED, "ece_positive")
    return {name: getattr(evaluation, name) for name in (*names, "floored_rows")}


def expected_values(predictions: Predictions) -> dict[str, float]:
    """The same of the compiled loops, without the intervals of `calibrant.evaluate`."""
    rows = Rows(predictions)
    found = {name: METRICS[name](rows).value for name in MEASURED}
    if predictions.k == 2:
        found["ece_positive"] = ece(rows, notion="one-class", class_index=1).value
    return found | {"floored_rows": int(rows.summary.floored.sum())}


@pytest.mark.parametrize("k", [2, 3])
def test_names_and_values_are_those_of_calibrant_evaluate(k: int) -> None:
    rows = overconfident(100, k)
    expected = calibrant.evaluate(rows)
    found = evaluate(rows.scores, rows.labels)
    for field in dataclasses.fields(found):
        value = getattr(expected, field.name)
        assert getattr(found, field.name) == (None if value is None else pytest.approx(value, rel=1e-12))


@pytest.mark.parametrize("backend", BACKENDS)
@pytest.mark.parametrize("weighted", [False, True])
@pytest.mark.parametrize("k", [2, 7])
def test_they_are_those_of_the_compiled_loops(backend: Backend, k: int, weighted: bool) -> None:
    rows = overconfident(500, k, weighted=weighted)
    expected = expected_values(rows)
    assert values(measure(backend, rows)) == pytest.approx(
        expected, rel=backend.tolerance, abs=backend.tolerance
    )


@pytest.mark.parametrize("backend", BACKENDS)
def test_probabilities(backend: Backend) -> None:
    rows = overconfident_probs(500, 4)
    assert values(measure(backend, rows)) == pytest.approx(
        expected_values(rows), rel=backend.tolerance, abs=backend.tolerance
    )


@st.composite
def weighted_predictions(draw: st.DrawFn) -> Predictions:
    """Rows of any float type with ties, -inf and extreme logits, or probabilities; some are weighted."""
    rows = draw(logit_predictions(masks=True) | prob_predictions())
    weights = draw(st.none() | st.lists(st.floats(0, 10), min_size=rows.n, max_size=rows.n))
    if weights is None or sum(weights) < 1e-6:
        return rows
    return dataclasses.replace(rows, sample_weight=np.array(weights))


def away_from_edges(predictions: Predictions) -> bool:
    """Whether no probability is so near an edge of a bin, without being on it, that rounding decides."""
    probs = oracle.probs_of(predictions)
    distance = abs(probs * 15 - np.round(probs * 15))
    return bool(((distance == 0) | (distance > 1e-11) | (probs < 1e-11)).all())


@given(weighted_predictions())
def test_any_rows_are_measured_alike(predictions: Predictions) -> None:
    ours, theirs = expected_values(predictions), values(measure(TORCH, predictions))
    if not away_from_edges(predictions):
        binned = ("ece", "mce", "rmsce", "classwise_ece", "ece_positive")
        ours, theirs = ({n: v for n, v in found.items() if n not in binned} for found in (ours, theirs))
    assert theirs == pytest.approx(ours, rel=1e-12, abs=1e-12)


@pytest.mark.parametrize("shape", [(-1,), (-1, 1)])
@pytest.mark.parametrize("kind", ["logits", "probs"])
def test_one_score_a_row_is_that_of_the_positive_class(kind: Any, shape: tuple[int, ...]) -> None:
    scores, labels = np.array([0.1, 0.9, 0.6, 0.4]), np.array([0, 1, 0, 0])
    make = Predictions.from_logits if kind == "logits" else Predictions.from_probs
    found = evaluate(scores.reshape(shape), labels, kind=kind)
    assert values(found) == pytest.approx(expected_values(make(scores, labels)), rel=1e-12)
    assert found.k == 2


def test_bfloat16() -> None:
    torch = pytest.importorskip("torch")
    logits, labels = torch.asarray(overconfident(300, 5).scores.copy()), overconfident(300, 5).labels
    rounded = logits.to(torch.bfloat16)
    expected = expected_values(Predictions.from_logits(rounded.double().numpy(), labels))
    found = evaluate(rounded, torch.asarray(labels.copy()))
    assert values(found) == pytest.approx(expected, rel=1e-12)


@pytest.mark.parametrize("backend", BACKENDS)
@pytest.mark.parametrize("at_once", [4, 90])
def test_the_size_of_blocks_changes_nothing(
    backend: Backend, at_once: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    predictions = overconfident(50, 4, weighted=True)
    whole = values(measure(backend, predictions))
    monkeypatch.setattr(rows, "SCORES_AT_ONCE", at_once)
    tolerance = backend.tolerance
    assert values(measure(backend, predictions)) == pytest.approx(whole, rel=tolerance, abs=tolerance)


def test_what_is_computed_beside_the_rows_stays_small() -> None:
    logits = np.zeros((300_000, 10), np.float32)
    labels = np.zeros(len(logits), np.int64)
    tracemalloc.start()
    evaluate(logits, labels)
    _, peak = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert peak < 64 * 2**20 < 4 * 8 * logits.size


def test_fewer_bins_than_one_are_refused() -> None:
    with pytest.raises(InvalidArgument, match="bins must be a whole number, at least 1; got 0"):
        evaluate(np.zeros((1, 2)), np.zeros(1, int), bins=0)
