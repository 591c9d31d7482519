"""Temperature scaling: right to 1e-8, with an honest standard error, and it survives what breaks others."""

import math
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from calibrant.calibrators import TemperatureScaling, load
from calibrant.engine import LocalEngine
from calibrant.errors import CalibrantError, FitFailed, InvalidArgument, InvalidPredictions, NotFitted
from calibrant.predictions import Predictions
from tests import oracle
from tests.drawn_predictions import logit_predictions, overconfident, overconfident_logits, prob_predictions

INF = math.inf


def fit(logits: Any, labels: Any, **options: Any) -> TemperatureScaling:
    return TemperatureScaling().fit(logits, labels, **options)


def close(value: float, relative: float = 1e-8) -> Any:
    return pytest.approx(value, rel=relative)


# --- the right answer ---


@pytest.mark.parametrize("temperature", [0.1, 0.7, 2.0, 40.0])
@pytest.mark.parametrize("k", [2, 3, 10, 100])
def test_the_temperature_is_the_root_of_the_slope(k: int, temperature: float) -> None:
    logits, labels = overconfident_logits(2000 if k < 100 else 300, k, temperature=temperature, seed=k)
    if temperature == 40:  # so few rows do not show so weak a signal, unless some labels follow the scores
        labels = np.where(np.arange(len(labels)) % 10 == 0, logits.argmax(axis=1), labels)
    scaling = fit(logits, labels)
    expected = oracle.best_temperature(logits, labels)
    assert scaling.bound_ is None
    assert scaling.temperature_ == close(expected)
    assert scaling.fit_ is not None
    assert scaling.fit_.nll == close(oracle.mean_loss(logits, labels, 1 / expected), 1e-11)
    assert scaling.iterations_ <= 10


def test_enough_rows_for_a_warm_start() -> None:
    logits, labels = overconfident_logits(40_000, 10)
    scaling = fit(logits, labels)
    assert scaling.temperature_ == close(oracle.best_temperature(logits, labels))
    assert scaling.iterations_ <= 3


def test_the_warm_start_is_the_answer_where_rows_repeat() -> None:
    """The subsample's optimum is the optimum to the last bits: the first step is too small to change it."""
    logits, labels = overconfident_logits(1024, 5)
    repeated = fit(np.repeat(logits, 16, axis=0), np.repeat(labels, 16))
    assert repeated.temperature_ == close(fit(logits, labels).temperature_, 1e-11)
    assert repeated.iterations_ == 1


def test_nearly_separable_rows() -> None:
    """One row in 1,000 is wrong by 1e-30: T is where 999 right rows and one wrong row balance."""
    logits = np.tile([0.0, 1.0], (1000, 1))
    labels = np.ones(1000, int)
    logits[0, 1], labels[0] = 1e-30, 0
    scaling = fit(logits, labels)
    assert scaling.temperature_ == close(1 / (math.log(999) + math.log(2) + 30 * math.log(10)))
    assert scaling.iterations_ <= 15


@pytest.mark.parametrize("wrong", [True, False])
def test_one_row_with_enormous_logits(wrong: bool) -> None:
    logits, labels = overconfident_logits(2000, 4)
    logits[0] = [1e4, 0, -1e4, 5e3]
    labels[0] = 3 if wrong else 0
    scaling = fit(logits, labels)
    assert scaling.temperature_ == close(oracle.best_temperature(logits, labels))


@given(st.data())
def test_any_logits_are_fitted_or_flagged(data: st.DataObject) -> None:
    rows = data.draw(logit_predictions(masks=True) | prob_predictions())
    try:
        scaling = TemperatureScaling().fit(rows)
    except FitFailed:
        spread = np.ptp(rows.scores.astype(float), axis=1)
        assert 0 < spread.max() < 1e-55
        return
    temperature = scaling.temperature_
    assert math.isfinite(temperature)
    assert temperature > 0
    if scaling.bound_ is not None:
        assert scaling.temperature_stderr_ is None
        return
    assert scaling.temperature_stderr_ is not None
    assert math.isfinite(scaling.temperature_stderr_)
    losses = [oracle.mean_loss(rows.logits(), rows.labels, b / temperature) for b in (1, 0.999, 1.001)]
    assert losses[0] <= min(losses[1:]) + 1e-12 * max(1, losses[0])


# --- the standard error ---


@pytest.mark.parametrize("weighted", [False, True])
@pytest.mark.parametrize("k", [2, 10])
def test_the_standard_error_is_the_sandwich(k: int, weighted: bool) -> None:
    rows = overconfident(1000, k, weighted=weighted)
    scaling = TemperatureScaling().fit(rows)
    expected = oracle.sandwich_stderr(rows.scores, rows.labels, scaling.temperature_, rows.sample_weight)
    assert scaling.temperature_stderr_ == close(expected, 1e-7)


def test_the_standard_error_is_the_spread_over_resampled_rows() -> None:
    logits, labels = overconfident_logits(800, 5)
    generator = np.random.default_rng(0)
    picks = generator.integers(0, 800, size=(200, 800))
    spread = np.std([fit(logits[pick], labels[pick]).temperature_ for pick in picks])
    assert fit(logits, labels).temperature_stderr_ == pytest.approx(spread, rel=0.2)


def test_the_standard_error_covers_the_truth() -> None:
    """Over 200 draws whose best temperature is 2, about 95 in 100 lie within 1.96 standard errors."""
    inside = 0
    for seed in range(200):
        scaling = fit(*overconfident_logits(500, 4, seed=1000 + seed))
        assert scaling.temperature_stderr_ is not None
        inside += abs(scaling.temperature_ - 2) < 1.96 * scaling.temperature_stderr_
    assert 180 <= inside <= 199


# --- it must survive ---


@pytest.mark.parametrize(("dtype", "relative"), [(np.float32, 1e-6), (np.float16, 1e-3)])
def test_survives_1_narrow_floats(dtype: Any, relative: float) -> None:
    logits, labels = overconfident_logits(2000, 10)
    narrow = logits.astype(dtype)
    scaling = fit(narrow, labels)
    assert scaling.temperature_ == close(oracle.best_temperature(narrow, labels))
    assert scaling.temperature_ == close(fit(logits, labels).temperature_, relative)


@pytest.mark.parametrize("factor", [100.0, 0.01, 1e-30, 1e30])
def test_survives_2_logits_times_a_factor(factor: float) -> None:
    logits, labels = overconfident_logits(1000, 5)
    plain, scaled = fit(logits, labels), fit(factor * logits, labels)
    assert plain.temperature_stderr_ is not None
    assert scaled.temperature_ == close(factor * plain.temperature_)
    assert scaled.temperature_stderr_ == close(factor * plain.temperature_stderr_)


@pytest.mark.parametrize("k", [2, 5])
def test_survives_3_separable_rows(k: int) -> None:
    logits, _ = overconfident_logits(300, k)
    scaling = fit(logits, logits.argmax(axis=1))
    spread = math.sqrt(np.mean((logits - logits.mean(axis=1, keepdims=True)) ** 2))
    assert scaling.bound_ == "lower"
    assert scaling.temperature_ == close(1e-4 * spread, 1e-12)
    assert scaling.temperature_stderr_ is None
    assert scaling.fit_ is not None
    assert 0 <= scaling.fit_.nll < 0.01


def test_survives_4_a_masked_class() -> None:
    logits, labels = overconfident_logits(1000, 5)
    labels = np.where(labels == 3, 0, labels)
    masked = logits.copy()
    masked[:, 3] = -INF
    expected = fit(np.delete(logits, 3, axis=1), np.where(labels == 4, 3, labels))
    scaling = fit(masked, labels)
    assert scaling.temperature_ == close(expected.temperature_, 1e-12)
    assert scaling.temperature_stderr_ == expected.temperature_stderr_ or (
        scaling.temperature_stderr_ == close(expected.temperature_stderr_ or 0, 1e-9)
    )
    assert (scaling.predict_proba(masked)[:, 3] == 0).all()


def test_survives_4_masked_at_a_true_label_with_a_clear_error() -> None:
    logits, labels = overconfident_logits(5000, 3)
    logits[4321, labels[4321]] = -INF
    message = rf"true class {labels[4321]} is -inf at row 4321.*Drop the row, or mask only classes that never"
    with pytest.raises(InvalidPredictions, match=message):
        fit(logits, labels)
    with pytest.raises(InvalidPredictions, match=message):
        TemperatureScaling(temperature=2.0).fit(logits, labels)
    ignored = np.ones(5000)
    ignored[4321] = 0
    assert fit(logits, labels, sample_weight=ignored).bound_ is None


@pytest.mark.parametrize("label", [0, 2])
def test_survives_5_labels_of_one_class(label: int) -> None:
    logits, _ = overconfident_logits(300, 3)
    logits[:, label] += 2
    scaling = fit(logits, np.full(300, label))
    assert scaling.temperature_ == close(oracle.best_temperature(logits, np.full(300, label)))


@pytest.mark.parametrize(
    "logits", [np.zeros((5, 3)), np.full((5, 3), 7.25), np.arange(5.0)[:, None] + np.zeros(3)]
)
def test_survives_6_constant_logits(logits: Any) -> None:
    scaling = fit(logits, [0, 1, 2, 0, 0])
    assert (scaling.temperature_, scaling.temperature_stderr_, scaling.bound_) == (1, None, "constant")
    assert scaling.predict_proba(logits) == close(1 / 3)


def test_survives_7_worse_than_chance() -> None:
    logits, _ = overconfident_logits(300, 4)
    scaling = fit(logits, logits.argmin(axis=1))
    spread = math.sqrt(np.mean((logits - logits.mean(axis=1, keepdims=True)) ** 2))
    assert scaling.bound_ == "upper"
    assert scaling.temperature_ == close(1e4 * spread, 1e-12)
    assert scaling.temperature_stderr_ is None
    assert scaling.fit_ is not None
    assert scaling.fit_.nll == close(math.log(4), 1e-3)


def test_survives_7_exactly_chance() -> None:
    assert fit([[0.0, 1.0], [0.0, 1.0]], [0, 1]).bound_ == "upper"


@pytest.mark.parametrize(
    ("logits", "labels", "bound"),
    [
        ([[2.0, 0.0]], [0], "lower"),
        ([[2.0, 0.0]], [1], "upper"),
        ([[2.0, 2.0]], [1], "constant"),
        ([[3.0, 2.0, 0.0]], [1], None),
        ([[2.0, 0.0], [3.0, 0.0]], [0, 0], "lower"),
        ([[2.0, 0.0], [3.0, 0.0]], [1, 1], "upper"),
        ([[1.0, 0.0], [3.0, 0.0]], [1, 0], None),
        ([[3.0, 2.0, 0.0]] * 2, [1, 1], None),
    ],
)
def test_survives_8_one_or_two_rows(logits: Any, labels: Any, bound: str | None) -> None:
    scaling = fit(logits, labels)
    assert scaling.bound_ == bound
    if bound is None:
        assert scaling.temperature_ == close(oracle.best_temperature(logits, labels))
        assert scaling.temperature_stderr_ is not None
        assert scaling.temperature_stderr_ >= 0
    assert np.isfinite(scaling.predict_proba(logits)).all()


def test_survives_9_the_forms_of_two_classes_agree() -> None:
    logits, labels = overconfident_logits(500, 2)
    z = logits[:, 1] - logits[:, 0]
    forms = [z, z[:, None], np.stack([np.zeros(500), z], axis=1)]
    fits = [fit(form, labels) for form in forms]
    assert len({each.temperature_ for each in fits}) == 1
    assert len({each.temperature_stderr_ for each in fits}) == 1
    assert fits[0].temperature_ == close(fit(logits, labels).temperature_, 1e-11)
    # softmax((0, z) / T) = (sigma(-z / T), sigma(z / T))
    sigma = 1 / (1 + np.exp(-z / fits[0].temperature_))
    np.testing.assert_allclose(fits[0].predict_proba(z), np.stack([1 - sigma, sigma], axis=1), rtol=1e-12)


@pytest.mark.long
def test_survives_10_a_large_float32_array() -> None:
    generator = np.random.default_rng(0)
    logits = 3 * generator.standard_normal((50_000, 1000), dtype=np.float32)
    labels = (logits / 2 + generator.gumbel(size=logits.shape).astype(np.float32)).argmax(axis=1)
    check_survives_10(logits, labels)


def test_survives_10_many_float32_classes() -> None:
    generator = np.random.default_rng(0)
    logits = 3 * generator.standard_normal((20_000, 100), dtype=np.float32)
    labels = (logits / 2 + generator.gumbel(size=logits.shape).astype(np.float32)).argmax(axis=1)
    check_survives_10(logits, labels)


def check_survives_10(logits: Any, labels: Any) -> None:
    scaling = fit(logits, labels)
    assert scaling.iterations_ <= 3
    assert scaling.temperature_stderr_ is not None
    assert abs(scaling.temperature_ - 2) < 5 * scaling.temperature_stderr_
    beta, step = 1 / scaling.temperature_, 1e-8 / scaling.temperature_
    slopes = [
        np.mean(
            [
                oracle.cumulants(logits[start : start + 2000], labels[start : start + 2000], beta + side)[
                    1
                ].mean()
                for start in range(0, len(logits), 2000)
            ]
        )
        for side in (-step, step)
    ]
    assert slopes[0] < 0 < slopes[1]


def test_survives_11_weights_against_the_weighted_loss() -> None:
    rows = overconfident(1000, 5, weighted=True)
    expected = oracle.best_temperature(rows.scores, rows.labels, rows.sample_weight)
    assert TemperatureScaling().fit(rows).temperature_ == close(expected)


@pytest.mark.parametrize("n", [300, 20_000])
def test_survives_11_whole_weights_are_repeated_rows(n: int) -> None:
    logits, labels = overconfident_logits(n, 5)
    weight = np.random.default_rng(2).integers(0, 4, n)
    rows = np.repeat(np.arange(n), weight)
    weighted, repeated = fit(logits, labels, sample_weight=weight), fit(logits[rows], labels[rows])
    assert repeated.temperature_stderr_ is not None
    assert weighted.temperature_ == close(repeated.temperature_, 1e-10)
    assert weighted.temperature_stderr_ == close(repeated.temperature_stderr_, 1e-9)


@pytest.mark.parametrize("weight", [1e-200, 1e-30, 1e30, 1e200])
def test_survives_11_the_unit_of_weights_does_not_move_the_temperature(weight: float) -> None:
    logits, labels = overconfident_logits(300, 4)
    weighted = fit(logits, labels, sample_weight=np.full(300, weight))
    assert weighted.temperature_ == close(fit(logits, labels).temperature_)


# --- layouts, threads and extremes ---


def test_the_layout_in_memory_does_not_matter() -> None:
    logits, labels = overconfident_logits(1000, 6)
    spaced = np.zeros((2000, 18))
    spaced[::2, ::3] = logits
    expected = fit(logits, labels).temperature_
    for layout in (np.asfortranarray(logits), spaced[::2, ::3], logits[::-1].copy()[::-1]):
        assert fit(layout, labels).temperature_ == close(expected, 1e-12)


def test_row_order_does_not_matter() -> None:
    logits, labels = overconfident_logits(30_000, 4)
    order = np.random.default_rng(4).permutation(30_000)
    assert fit(logits[order], labels[order]).temperature_ == close(fit(logits, labels).temperature_)


def test_the_same_bits_for_any_number_of_threads() -> None:
    logits, labels = overconfident_logits(20_000, 10)
    fits = {fit(logits, labels, engine=LocalEngine(threads)).fit_ for threads in (1, 2, 3, 7)}
    assert len(fits) == 1


def test_probabilities_are_fitted_through_their_logarithms() -> None:
    logits, labels = overconfident_logits(500, 4)
    rows = Predictions.from_probs(oracle.softmax(logits), labels)
    assert TemperatureScaling().fit(rows).temperature_ == close(fit(logits, labels).temperature_)


@pytest.mark.parametrize("scale", [1e-150, 1e-80, 1e80, 1e200, 1e307])
def test_scores_beyond_reason_are_refused_in_words(scale: float) -> None:
    logits, labels = overconfident_logits(50, 3)
    with pytest.raises(FitFailed, match="Rescale them"):
        fit(scale * logits / abs(logits).max(), labels)


def test_results_are_plain_numbers() -> None:
    scaling = fit(*overconfident_logits(300, 3))
    assert type(scaling.temperature_) is float
    assert type(scaling.temperature_stderr_) is float
    assert type(scaling.iterations_) is int
    assert scaling.fit_ is not None
    assert type(scaling.fit_.nll) is float


# --- applying it ---


@pytest.mark.parametrize(
    ("given_type", "written"), [(np.float16, np.float32), (np.float32, np.float32), (np.float64, np.float64)]
)
def test_transform_divides_the_logits_in_at_least_float32(given_type: Any, written: Any) -> None:
    rows = overconfident(300, 4)
    rows = rows.with_scores(rows.scores.astype(given_type), "logits")
    scaled = TemperatureScaling(temperature=1.7).transform(rows)
    assert (scaled.kind, scaled.scores.dtype) == ("logits", written)
    np.testing.assert_array_equal(scaled.scores, (rows.scores.astype(np.float64) / 1.7).astype(written))


@pytest.mark.parametrize("temperature", [1e-3, 0.3, 3.0, 7e3])
def test_close_logits_keep_their_order_at_the_top(temperature: float) -> None:
    generator = np.random.default_rng(0)
    top = generator.normal(size=5000).astype(np.float32)
    logits = np.stack(
        [top - 1, np.nextafter(top, np.float32(-9)), top, np.nextafter(top, np.float32(-9))], axis=1
    )
    scaled = TemperatureScaling(temperature=temperature).transform(
        Predictions.from_logits(logits, np.zeros(5000, int))
    )
    assert (scaled.scores.argmax(axis=1) == 2).all()
    np.testing.assert_allclose(scaled.scores, logits / temperature, rtol=3e-7)


def test_close_probabilities_keep_their_order_though_their_logarithms_are_equal() -> None:
    close_pair = [0.34, np.nextafter(0.34, 1)]
    assert np.log(close_pair[0]) == np.log(close_pair[1])
    rows = Predictions.from_probs([[*close_pair, 0.16, 0.16]], [1])
    assert TemperatureScaling(temperature=1.0).transform(rows).scores.argmax() == 1


@pytest.mark.parametrize("sign", [1, -1])
def test_a_row_that_would_overflow_is_lowered(sign: int) -> None:
    logits = np.array([[3e38, 2e38, -INF], [2.0, 1.0, 0.0]], np.float32)
    rows = Predictions.from_logits(np.where(logits > -INF, sign * logits, logits), [0, 0])
    scores = TemperatureScaling(temperature=0.5).transform(rows).scores
    assert scores.dtype == np.float32
    assert scores[0].tolist() == pytest.approx([0.0, -2e38, -INF] if sign == 1 else [-2e38, 0.0, -INF])
    assert scores[1].tolist() == [sign * 4.0, sign * 2.0, 0.0]


@pytest.mark.parametrize("dtype", [np.float32, np.float64])
@pytest.mark.parametrize("tiny", [1e-45, 1e-40, 1e-58, 1e-310])
@pytest.mark.parametrize("other", [1.0, -100.0, 1e30])
@pytest.mark.parametrize("label", [0, 1])
def test_a_masked_class_beside_almost_equal_logits(
    dtype: type, tiny: float, other: float, label: int
) -> None:
    """The row with one possible class does not count for the scale, so T is tiny and that row overflows."""
    rows = Predictions.from_logits(np.array([[tiny, 0, -INF], [other, -INF, -INF]], dtype), [label, 0])
    probs = TemperatureScaling().fit(rows).transform(rows).probs()
    assert probs[1].tolist() == [1.0, 0.0, 0.0]
    assert probs[0, 2] == 0
    assert probs[0, :2].sum() == pytest.approx(1)
    assert probs[0, 0] >= probs[0, 1]


@given(
    rows=st.lists(
        st.lists(
            st.sampled_from([0.0, 5e-324, 1e-310, 1e-45, -1e-40, 1e-30, 1.0, -7.0, 1e30, -INF]),
            min_size=3,
            max_size=3,
        ).filter(lambda row: max(row) > -INF),
        min_size=1,
        max_size=6,
    ),
    narrow=st.booleans(),
)
def test_masks_and_subnormal_numbers_leave_finite_probabilities(
    rows: list[list[float]], narrow: bool
) -> None:
    logits = np.array(rows, np.float32 if narrow else np.float64)
    drawn = Predictions.from_logits(logits, logits.argmax(axis=1))
    try:
        fitted = TemperatureScaling().fit(drawn)
    except FitFailed as error:
        assert "Rescale" in str(error)  # noqa: PT017
        return
    after = fitted.transform(drawn)
    assert np.isfinite(after.probs()).all()
    assert (after.scores[logits == -INF] == -INF).all()
    assert (after.scores.argmax(axis=1) == logits.argmax(axis=1)).all()


def test_a_masked_class_stays_masked() -> None:
    rows = Predictions.from_logits([[1.0, -INF, 0.0]], [0])
    assert TemperatureScaling(temperature=2.0).transform(rows).scores.tolist() == [[0.5, -INF, 0.0]]


# --- a fixed temperature ---


def test_a_fixed_temperature_needs_no_fit(tmp_path: Path) -> None:
    scaling = TemperatureScaling(temperature=1.5)
    assert scaling.temperature_ == 1.5
    assert (scaling.temperature_stderr_, scaling.bound_, scaling.iterations_) == (None, None, 0)
    logits, _ = overconfident_logits(50, 3)
    np.testing.assert_allclose(scaling.predict_proba(logits), oracle.softmax(logits, 1.5), rtol=1e-12)
    scaling.save(tmp_path / "fixed.json")
    loaded = load(tmp_path / "fixed.json")
    assert isinstance(loaded, TemperatureScaling)
    assert (loaded.temperature, loaded.fitted_on_) == (1.5, None)
    np.testing.assert_array_equal(loaded.predict_proba(logits), scaling.predict_proba(logits))


def test_fitting_does_not_move_a_fixed_temperature(tmp_path: Path) -> None:
    rows = overconfident(200, 3)
    scaling = TemperatureScaling(temperature=1.5).fit(rows)
    assert scaling.temperature_ == 1.5
    assert scaling.fitted_on_ is not None
    assert scaling.fitted_on_.nll == close(oracle.mean_loss(rows.scores, rows.labels, 1 / 1.5), 1e-12)
    scaling.save(tmp_path / "fixed.json")
    assert load(tmp_path / "fixed.json").fitted_on_ == scaling.fitted_on_


@pytest.mark.parametrize("temperature", [0, -1.0, math.nan, INF])
def test_a_temperature_that_cannot_be(temperature: float) -> None:
    with pytest.raises(InvalidArgument, match=rf"finite and above 0; got {temperature}"):
        TemperatureScaling(temperature=temperature)


def test_there_is_no_temperature_before_the_fit() -> None:
    with pytest.raises(NotFitted, match=r"call fit\(validation\) first"):
        _ = TemperatureScaling().temperature_


def test_the_description_says_what_it_does() -> None:
    assert TemperatureScaling(temperature=2.0).describe() == "temperature scaling: T = 2.0000 (softens)"
    softened = fit(*overconfident_logits(500, 3)).describe()
    assert "± 0." in softened
    assert "softens" in softened
    assert "every row is right" in fit([[2.0, 0.0]], [0]).describe()


@given(logit_predictions(), st.floats(1e-3, 1e3))
def test_every_fixed_temperature_gives_the_softmax_of_divided_logits(
    rows: Predictions, temperature: float
) -> None:
    try:
        probs = TemperatureScaling(temperature=temperature).transform(rows).probs()
    except CalibrantError:
        pytest.fail("a moderate temperature must work")
    np.testing.assert_allclose(probs, oracle.softmax(rows.scores, temperature), rtol=1e-1, atol=1e-6)


def test_one_logit_that_dwarfs_all_others_leaves_no_curvature() -> None:
    logits = np.array([[0, 4.8e-299], [0, 4.8e-299], [7.3e-304, 0], [0, 3.4e-38]])
    fitted = TemperatureScaling().fit(logits, np.array([0, 1, 1, 1]))
    assert fitted.temperature_stderr_ is None
    assert fitted.bound_ == "lower"
