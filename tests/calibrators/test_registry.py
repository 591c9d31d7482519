"""The laws that every calibrator keeps, over the whole registry."""

from pathlib import Path
from typing import Any

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings

from calibrant.calibrators import CALIBRATORS, Calibrator, TemperatureScaling, calibrator, load
from calibrant.errors import (
    CalibrantError,
    EmptyPredictions,
    IncompatiblePredictions,
    InvalidArgument,
    InvalidPredictions,
    NotFitted,
)
from calibrant.predictions import Predictions, TopLabelPredictions
from tests.drawn_predictions import (
    FLOAT_TYPES,
    logit_predictions,
    overconfident,
    overconfident_probs,
    prob_predictions,
)

METHODS = {
    *("auto", "identity", "temperature", "platt", "vector", "matrix", "dirichlet", "beta", "quadratic"),
    *("ensemble_temperature", "structured_vector", "structured_matrix", "basis", "one_vs_rest"),
    *("histogram", "isotonic", "bbq", "scaling_binning", "top_label_histogram", "venn_abers", "spline"),
}
"""All of them: laws over a registry that lost some would pass."""

NEED_NO_FIT = {"identity"}

MAY_LOSE_TO_IDENTITY = {"bbq", "histogram", "scaling_binning", "top_label_histogram", "venn_abers"}
"""Methods whose family does not contain the identity, so that a fit may have a higher log-loss than none."""

every_method = pytest.mark.parametrize("method", sorted(CALIBRATORS))
keeping_argmax = pytest.mark.parametrize(
    "method", sorted(name for name, kind in CALIBRATORS.items() if kind.keeps_argmax)
)
containing_identity = pytest.mark.parametrize("method", sorted(set(CALIBRATORS) - MAY_LOSE_TO_IDENTITY))
needing_a_fit = pytest.mark.parametrize("method", sorted(set(CALIBRATORS) - NEED_NO_FIT))


def fitted(method: str, rows: Predictions) -> Calibrator:
    return calibrator(method).fit(rows)


def assert_on_the_simplex(rows: Predictions) -> None:
    probs = rows.probs()
    assert np.isfinite(probs).all()
    assert (probs >= 0).all()
    np.testing.assert_allclose(probs.sum(axis=1), 1, rtol=1e-12)
    if rows.kind == "probs":
        assert (rows.scores >= 0).all()
        np.testing.assert_allclose(rows.scores.sum(axis=1, dtype=np.float64), 1, atol=1e-6)


def test_all_methods_are_found_under_their_own_names() -> None:
    assert set(CALIBRATORS) == METHODS
    assert len(METHODS) == 21
    for name, kind in CALIBRATORS.items():
        assert kind.method == name
        assert isinstance(calibrator(name), kind)
        assert isinstance(kind.keeps_argmax, bool)


def test_an_unknown_method_is_named_with_the_choices() -> None:
    with pytest.raises(InvalidArgument, match=r"no calibrator 'temprature'\. Did you mean 'temperature'\?"):
        calibrator("temprature")


@every_method
def test_rows_of_the_top_label_alone_are_refused_in_words(method: str) -> None:
    rows = TopLabelPredictions.from_correct([0.9, 0.6], [True, False])
    with pytest.raises(IncompatiblePredictions, match=r"only the top label's confidence.*as_binary"):
        calibrator(method).fit(rows)


@every_method
@pytest.mark.parametrize("draw", [overconfident, overconfident_probs])
@pytest.mark.parametrize("k", [2, 3, 10])
def test_rows_stay_on_the_simplex(method: str, k: int, draw: Any) -> None:
    calibrated = fitted(method, draw(400, k)).transform(draw(300, k, seed=1))
    assert_on_the_simplex(calibrated)
    assert calibrated.n == 300


@every_method
def test_labels_classes_and_the_rest_stay(method: str) -> None:
    drawn = overconfident(200, 3)
    rows = Predictions.from_logits(
        drawn.scores,
        drawn.labels,
        classes=["bird", "cat", "dog"],
        sample_weight=np.arange(1, 201),
        groups=["a", "b"] * 100,
        ids=range(200),  # type: ignore[arg-type]
    )
    calibrated = fitted(method, rows).transform(rows)
    assert calibrated.classes == rows.classes
    for name in ("labels", "sample_weight", "groups", "ids"):
        assert getattr(calibrated, name).tolist() == getattr(rows, name).tolist()


@every_method
@pytest.mark.parametrize("draw", [overconfident, overconfident_probs])
def test_refitting_repeats_exactly(method: str, draw: Any) -> None:
    rows = draw(5000, 4, weighted=False) if draw is overconfident else draw(5000, 4)
    once, again = fitted(method, rows), fitted(method, rows)
    assert once.parameters() == again.parameters()
    assert once.fit(rows).parameters() == again.parameters()
    assert (once.transform(rows).scores == again.transform(rows).scores).all()


@every_method
def test_a_second_fit_forgets_the_first(method: str) -> None:
    first, second = overconfident(500, 3), overconfident(500, 3, seed=5, temperature=0.5)
    refitted = fitted(method, first).fit(second)
    assert refitted.parameters() == fitted(method, second).parameters()
    assert refitted.fitted_on_ == fitted(method, second).fitted_on_


@every_method
@pytest.mark.parametrize("k", [2, 5])
def test_saved_and_loaded_it_gives_the_same_bits(method: str, k: int, tmp_path: Path) -> None:
    drawn = overconfident(600, k)
    names = [f"Größe {j}" for j in range(k)]
    validation = Predictions.from_logits(drawn.scores, drawn.labels, classes=names)
    before = fitted(method, validation)
    before.save(tmp_path / "calibrator.json")
    after = load(tmp_path / "calibrator.json")
    assert type(after) is type(before)
    assert after.fitted_on_ == before.fitted_on_
    assert after.parameters() == before.parameters()
    assert after.describe() == before.describe()
    others = () if before.level_counts else (overconfident_probs(300, k, seed=2),)
    for test in (overconfident(300, k, seed=1), *others):
        one, other = before.transform(test), after.transform(test)
        assert one.kind == other.kind
        assert one.scores.dtype == other.scores.dtype
        assert one.scores.tobytes() == other.scores.tobytes()
    after.save(tmp_path / "again.json")
    assert (tmp_path / "again.json").read_bytes() == (tmp_path / "calibrator.json").read_bytes()


@keeping_argmax
@pytest.mark.parametrize("dtype", FLOAT_TYPES)
@pytest.mark.parametrize("kind", ["logits", "probs"])
def test_no_predicted_class_changes(method: str, kind: Any, dtype: Any) -> None:
    drawn = (overconfident if kind == "logits" else overconfident_probs)(2000, 10)
    # Close pairs at the top, one unit in the last place apart, are what rounding would merge.
    scores = drawn.scores.astype(dtype)
    top = scores.argmax(axis=1)
    rows = np.arange(0, drawn.n, 2)
    other = (top[rows] + 1) % 10
    scores[rows, other] = np.nextafter(scores[rows, top[rows]], np.array(-np.inf, dtype))
    if kind == "probs":
        scores = (scores / scores.sum(axis=1, keepdims=True, dtype=np.float64)).astype(dtype)
    close = drawn.with_scores(scores, kind)
    calibrated = fitted(method, close).transform(close)
    np.testing.assert_array_equal(calibrated.scores.argmax(axis=1), close.scores.argmax(axis=1))
    assert calibrated.scores.dtype in (np.float32, np.float64) or calibrated is close


@keeping_argmax
@given(rows=logit_predictions(masks=True) | prob_predictions())
@settings(max_examples=40)
def test_no_predicted_class_of_any_rows_changes(method: str, rows: Predictions) -> None:
    validation = overconfident(200, rows.k)
    calibrated = fitted(method, validation).transform(rows)
    np.testing.assert_array_equal(calibrated.scores.argmax(axis=1), rows.scores.argmax(axis=1))


@containing_identity
@pytest.mark.parametrize("temperature", [0.3, 1.0, 3.0])
@pytest.mark.parametrize("draw", [overconfident, overconfident_probs])
@pytest.mark.parametrize("k", [2, 5])
def test_it_is_never_worse_than_identity_on_its_own_rows(
    method: str, k: int, draw: Any, temperature: float
) -> None:
    rows = draw(300, k, temperature=temperature)
    identity, other = (fitted(name, rows).fitted_on_ for name in ("identity", method))
    assert identity is not None
    assert other is not None
    assert other.nll <= identity.nll + 1e-12


@every_method
@pytest.mark.parametrize("k", [2, 4])
@pytest.mark.parametrize("draw", [overconfident, overconfident_probs])
def test_one_row_is_enough(method: str, draw: Any, k: int) -> None:
    for seed in range(6):
        rows = draw(1, k, seed=seed)
        assert_on_the_simplex(fitted(method, rows).transform(rows))


@every_method
def test_a_class_absent_from_the_fitting_rows(method: str) -> None:
    drawn = overconfident(300, 4)
    present = drawn.take(drawn.labels != 2)
    assert 2 not in present.labels
    assert_on_the_simplex(fitted(method, present).transform(drawn))


@every_method
def test_labels_of_one_class_only(method: str) -> None:
    drawn = overconfident(300, 4)
    assert_on_the_simplex(fitted(method, drawn.take(drawn.labels == 1)).transform(drawn))


@every_method
@given(rows=logit_predictions() | prob_predictions())
@settings(max_examples=40, suppress_health_check=[HealthCheck.too_slow])
def test_degenerate_rows_give_a_clear_error_or_finite_probabilities(method: str, rows: Predictions) -> None:
    try:
        calibrated = fitted(method, rows).transform(rows)
    except CalibrantError as error:
        assert len(str(error)) > 20  # noqa: PT017
    else:
        assert_on_the_simplex(calibrated)


@every_method
def test_bare_arrays_are_enough(method: str) -> None:
    rows = overconfident(400, 3)
    bare = calibrator(method).fit(rows.scores.tolist(), rows.labels.tolist())
    assert bare.parameters() == fitted(method, rows).parameters()
    probs = bare.predict_proba(rows.scores)
    assert probs.dtype == np.float64
    np.testing.assert_array_equal(probs, bare.transform(rows).probs())


@every_method
def test_a_binary_logit_is_enough(method: str) -> None:
    rows = overconfident(400, 2)
    z = rows.scores[:, 1] - rows.scores[:, 0]
    bare = calibrator(method).fit(z, rows.labels)
    assert bare.predict_proba(z).shape == (400, 2)
    np.testing.assert_array_equal(bare.predict_proba(z), bare.predict_proba(z[:, None]))


@every_method
def test_weights_may_come_with_bare_arrays(method: str) -> None:
    rows = overconfident(400, 3, weighted=True)
    bare = calibrator(method).fit(rows.scores, rows.labels, sample_weight=rows.sample_weight)
    assert bare.parameters() == fitted(method, rows).parameters()


@every_method
def test_it_remembers_what_it_was_fitted_on(method: str) -> None:
    rows = overconfident(50, 3)
    record = fitted(method, rows).fitted_on_
    assert record is not None
    assert (record.n, record.k, record.classes) == (50, 3, None)
    assert record.content_hash == rows.content_hash
    assert record.nll > 0
    assert type(record.nll) is float


@needing_a_fit
def test_before_the_fit_there_is_nothing_to_use(method: str, tmp_path: Path) -> None:
    unfitted = calibrator(method)
    with pytest.raises(NotFitted, match=r"call fit\(validation\) first"):
        unfitted.transform(overconfident(5, 3))
    with pytest.raises(NotFitted, match="fit"):
        unfitted.predict_proba([[1.0, 2.0]])
    with pytest.raises(NotFitted, match="nothing to save: fit it first"):
        unfitted.save(tmp_path / "a.json")
    assert list(tmp_path.iterdir()) == []


@every_method
def test_another_number_of_classes_is_refused(method: str) -> None:
    with pytest.raises(IncompatiblePredictions, match="fitted on 3 classes; these rows have 4"):
        fitted(method, overconfident(50, 3)).transform(overconfident(50, 4))


@every_method
def test_other_classes_are_refused_also_in_another_order(method: str) -> None:
    drawn = overconfident(50, 2)
    birds, cats = (
        Predictions.from_logits(drawn.scores, drawn.labels, classes=names)
        for names in (["bird", "cat"], ["cat", "bird"])
    )
    with pytest.raises(IncompatiblePredictions, match="bird, cat, in that order; these rows have cat, bird"):
        fitted(method, birds).transform(cats)
    assert fitted(method, birds).transform(drawn).n == 50


@every_method
def test_bad_arguments_of_fit(method: str) -> None:
    rows = overconfident(5, 3)
    with pytest.raises(InvalidArgument, match=r"bare logits need labels: fit\(logits, labels\)"):
        calibrator(method).fit(rows.scores)
    with pytest.raises(InvalidArgument, match="belong to the Predictions"):
        calibrator(method).fit(rows, rows.labels)
    with pytest.raises(InvalidPredictions, match="got nan at row 1, class 0"):
        calibrator(method).fit([[1.0, 2.0], [np.nan, 0.0]], [0, 1])


@every_method
def test_rows_that_all_weigh_0_cannot_be_fitted_on(method: str) -> None:
    rows = Predictions.from_logits([[1.0, 2.0], [2.0, 1.0]], [0, 1], sample_weight=[0, 1])
    with pytest.raises(EmptyPredictions, match="0 on every row"):
        calibrator(method).fit(rows.take([0]))


@every_method
def test_bad_logits_to_predict_for(method: str) -> None:
    ready = fitted(method, overconfident(50, 2))
    for bad in ([np.nan], [[1.0, np.inf]], [[1.0], [2.0, 3.0]], []):
        with pytest.raises(InvalidPredictions):
            ready.predict_proba(bad)


@every_method
def test_arguments_are_never_changed(method: str) -> None:
    rows = overconfident(100, 3)
    scores, labels = np.array(rows.scores), np.array(rows.labels)
    bare = calibrator(method).fit(scores, labels)
    bare.predict_proba(scores)
    bare.transform(rows)
    assert (scores == rows.scores).all()
    assert (labels == rows.labels).all()


@every_method
def test_it_says_in_one_line_what_it_does(method: str) -> None:
    text = fitted(method, overconfident(50, 3)).describe()
    assert text
    assert "\n" not in text


def test_methods_go_by_their_names() -> None:
    with pytest.raises(InvalidArgument, match="such as 'temperature'; got TemperatureScaling"):
        calibrator(TemperatureScaling())  # type: ignore[arg-type]
