"""Basis scaling: near temperature scaling by itself on few rows, far better where that is wrong."""

import math
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from calibrant import load
from calibrant.calibrators import BasisScaling, StructuredMatrixScaling, TemperatureScaling
from calibrant.calibrators.averaging import score_candidates
from calibrant.calibrators.basis_candidates import MIXING, SHARED, candidates_of
from calibrant.calibrators.basis_fit import fit_basis
from calibrant.calibrators.canonical import canonical_rows
from calibrant.calibrators.folds import FOLDS, fold_of
from calibrant.calibrators.held_out import cross_validate
from calibrant.calibrators.structured_features import features_of
from calibrant.calibrators.structured_softmax import average
from calibrant.engine import DEFAULT_ENGINE, LocalEngine
from calibrant.errors import InvalidArgument, InvalidPredictions, NotFitted, UnreadableFile
from calibrant.metrics import Rows, nll
from calibrant.predictions import Predictions, Table
from tests.drawn_predictions import FLOAT_TYPES, overconfident, overconfident_probs
from tests.real_predictions import NETS_WITH_VALIDATION, peers, validation_and_test

MATRIX_NAMES = ("matrix of log p", "matrix of √p")


def bent(n: int, k: int = 5, *, seed: int = 0, weighted: bool = False) -> Predictions:
    """Rows whose true probabilities are 0.7 p + 0.3 / k: no temperature makes that of p."""
    generator = np.random.default_rng(seed)
    logits = 3 * generator.normal(size=(n, k))
    probs = np.exp(logits) / np.exp(logits).sum(axis=1, keepdims=True)
    labels = (np.log(0.7 * probs + 0.3 / k) + generator.gumbel(size=(n, k))).argmax(axis=1)
    weight = generator.gamma(2.0, size=n) if weighted else None
    return Predictions.from_logits(logits, labels, sample_weight=weight)


def loss_on(method: Any, fitting: Predictions, scored: Predictions) -> float:
    return nll(method.fit(fitting).transform(scored)).value


def names_of(fit: BasisScaling) -> list[str]:
    """Names of the candidates without their strengths, each once."""
    return list(dict.fromkeys(score.name.split(",")[0] for score in fit.candidates_))


def test_on_few_rows_that_need_one_temperature_it_stays_near_it() -> None:
    scored = overconfident(20_000, 10, seed=99)
    worse = [
        loss_on(BasisScaling(), rows, scored) - loss_on(TemperatureScaling(), rows, scored)
        for rows in (overconfident(200, 10, seed=seed) for seed in range(4))
    ]
    assert max(worse) < 0.01
    assert np.mean(worse) < 0.004


def test_on_many_rows_that_need_one_temperature_it_costs_nothing() -> None:
    fitting, scored = overconfident(10_000, 4), overconfident(20_000, 4, seed=99)
    worse = loss_on(BasisScaling(), fitting, scored) - loss_on(TemperatureScaling(), fitting, scored)
    assert worse < 0.0005


@pytest.mark.parametrize(("rows", "gain"), [(300, 0.02), (2000, 0.04)])
def test_where_the_link_is_bent_it_beats_temperature_scaling(rows: int, gain: float) -> None:
    fitting, scored = bent(rows), bent(20_000, seed=99)
    assert loss_on(BasisScaling(), fitting, scored) < loss_on(TemperatureScaling(), fitting, scored) - gain


def test_where_classes_are_confused_matrices_count() -> None:
    generator = np.random.default_rng(0)
    logits = 2 * generator.normal(size=(6000, 4))
    mixed = logits @ np.array([[0.2, 0.8, 0, 0], [0.7, 0.3, 0, 0], [0, 0, 1, 0], [0, 0, 0, 1]]).T
    rows = Predictions.from_logits(logits, (mixed + generator.gumbel(size=logits.shape)).argmax(axis=1))
    fitting, scored = rows.take(np.arange(3000)), rows.take(np.arange(3000, 6000))
    fit = BasisScaling().fit(fitting)
    assert sum(score.share for score in fit.candidates_ if score.name.startswith(MATRIX_NAMES)) > 0.99
    assert (
        loss_on(BasisScaling(), fitting, scored) < loss_on(StructuredMatrixScaling(), fitting, scored) + 0.005
    )


@pytest.mark.parametrize("copies", [1, 10])
@pytest.mark.parametrize("k", [2, 6])
def test_below_20_distinct_rows_it_is_temperature_scaling(k: int, copies: int) -> None:
    rows = overconfident(19, k)
    fit = BasisScaling().fit(rows.take(np.tile(np.arange(19), copies)))
    scored = overconfident(500, k, seed=1)
    expected = TemperatureScaling().fit(rows).transform(scored).probs()
    np.testing.assert_allclose(fit.transform(scored).probs(), expected, rtol=1e-6)
    assert fit.candidates_ == ()
    assert fit.held_out_ is None
    assert "too few rows for more" in fit.describe()
    assert BasisScaling().fit(overconfident(20, k)).candidates_ != ()


def test_candidates_are_complete_and_share() -> None:
    fit = BasisScaling().fit(bent(600))
    assert names_of(fit) == ["temperature", "link", "diagonal", *MATRIX_NAMES]
    assert sum(score.share for score in fit.candidates_) == pytest.approx(1)
    best = min(fit.candidates_, key=lambda score: score.nll)
    for score in fit.candidates_:
        assert score.difference == pytest.approx(score.nll - best.nll, abs=1e-12)
        assert score.stderr > 0 or score is best
        assert 0 <= score.share <= 1
    assert len({score.name for score in fit.candidates_}) == len(fit.candidates_)
    for score in fit.candidates_:
        assert (f"{score.share:.0%} {score.name}" in fit.describe()) == (score.share > 0)


def test_the_model_has_what_its_candidates_have() -> None:
    model = BasisScaling().fit(bent(600)).model_
    assert set(model.slopes) == set(SHARED)
    assert set(model.matrices) <= set(MIXING)
    fit = BasisScaling().fit(bent(600))
    assert fit.free_parameters == 1 + model.size


@pytest.mark.parametrize("rows", [bent(500), bent(500, seed=3), overconfident(500, 5)])
def test_held_out_losses_are_those_of_an_outer_cross_validation(rows: Predictions) -> None:
    inside = BasisScaling().fit(rows).held_out_
    assert inside is not None
    outer = cross_validate(BasisScaling(), canonical_rows(rows), DEFAULT_ENGINE)
    assert inside.losses.mean() == pytest.approx(outer.losses.mean(), abs=0.008)
    assert np.corrcoef(inside.losses, outer.losses)[0, 1] > 0.99
    assert (inside.correct == outer.correct).mean() > 0.97


def test_a_rows_own_loss_has_no_say_in_the_shares_that_score_it() -> None:
    rows = canonical_rows(bent(80))
    fit = fit_basis(rows, mixing=(), engine=DEFAULT_ENGINE)
    features = features_of(Table.whole(rows), fit.model.temperature, shared=SHARED, mixing=())
    fold = fold_of(rows, FOLDS)
    weight = rows.sample_weight
    assert weight is not None
    paths, candidates = candidates_of(features, weight, fold)
    losses = np.stack([one.losses for one in candidates])
    levels = [one.level for one in candidates]

    def held_out(number: int, counted: Any) -> Any:
        scores = score_candidates([""] * len(levels), levels, losses[:, counted], weight[counted])
        models = [paths.fold_model(one, number) for one in candidates]
        inside = np.flatnonzero(fold == number)
        probs = average(models, [score.share for score in scores]).probs(rows.scores[inside])
        return -np.log(probs[np.arange(len(inside)), rows.labels[inside]])

    assert fit.held_out is not None
    for number in range(FOLDS):
        found = fit.held_out.losses[fold == number]
        np.testing.assert_allclose(found, held_out(number, fold != number), rtol=1e-9)
        assert abs(found - held_out(number, fold >= 0)).max() > 1e-5


def test_held_out_losses_foretell_those_of_new_rows() -> None:
    fit = BasisScaling().fit(bent(3000))
    assert fit.held_out_ is not None
    losses = fit.held_out_.losses
    new = nll(fit.transform(bent(20_000, seed=99))).value
    assert new == pytest.approx(losses.mean(), abs=4 * losses.std() / math.sqrt(3000))
    own = Rows(fit.transform(canonical_rows(bent(3000)))).summary.nll
    assert own.mean() < losses.mean()


@pytest.mark.parametrize(
    ("matrices", "k", "tried"),
    [
        ("few-classes", 4, True),
        ("never", 4, False),
        ("always", 4, True),
        ("few-classes", 2, False),
        ("always", 2, False),
        ("few-classes", 201, False),
        ("few-classes", 200, True),
        ("always", 201, True),
    ],
)
def test_where_matrices_are_tried(matrices: Any, k: int, tried: bool) -> None:
    fit = BasisScaling(matrices=matrices).fit(overconfident(400 if k >= 200 else 150, k))
    assert ("matrix of log p" in names_of(fit)) == tried
    assert ("matrix of √p" in names_of(fit)) == tried
    assert names_of(fit)[:3] == ["temperature", "link", "diagonal"]
    if not tried:
        assert fit.model_.matrices == {}


def test_fewer_rows_than_classes() -> None:
    rows, scored = overconfident(20, 100), overconfident(2000, 100, seed=1)
    basis, temperature = (loss_on(method, rows, scored) for method in (BasisScaling(), TemperatureScaling()))
    assert basis < temperature + 0.02


def bits_of(fit: BasisScaling) -> tuple[Any, ...]:
    assert fit.held_out_ is not None
    return fit.parameters(), fit.held_out_.losses.tobytes(), fit.held_out_.correct.tobytes()


@pytest.mark.parametrize("k", [2, 4])
def test_whole_weights_are_repeated_rows_bit_for_bit(k: int) -> None:
    rows = bent(250, k)
    times = np.random.default_rng(0).integers(0, 4, 250)
    weighted = Predictions.from_logits(rows.scores, rows.labels, sample_weight=times)
    repeated = rows.take(np.repeat(np.arange(250), times))
    assert bits_of(BasisScaling().fit(weighted)) == bits_of(BasisScaling().fit(repeated))


@pytest.mark.parametrize("rows", [bent(400, weighted=True), bent(300, 2), overconfident_probs(300, 3)])
def test_row_order_is_irrelevant_bit_for_bit(rows: Predictions) -> None:
    shuffled = rows.take(np.random.default_rng(0).permutation(rows.n))
    assert bits_of(BasisScaling().fit(shuffled)) == bits_of(BasisScaling().fit(rows))


def test_the_same_bits_for_any_number_of_threads() -> None:
    rows = bent(5000, 3)
    one, other = (BasisScaling().fit(rows, engine=LocalEngine(threads)) for threads in (1, 3))
    assert bits_of(one) == bits_of(other)


@pytest.mark.parametrize("k", [2, 4, 40])
def test_saved_and_loaded_it_gives_the_same_bits(k: int, tmp_path: Path) -> None:
    rows = bent(200, k)
    fit = BasisScaling().fit(rows)
    fit.save(tmp_path / "a.json")
    loaded = load(tmp_path / "a.json")
    assert isinstance(loaded, BasisScaling)
    assert loaded.transform(rows).scores.tobytes() == fit.transform(rows).scores.tobytes()
    assert loaded.candidates_ == fit.candidates_
    assert loaded.describe() == fit.describe()
    assert loaded.held_out_ is None


@pytest.mark.parametrize("dtype", FLOAT_TYPES)
def test_any_float_type_gives_the_same(dtype: Any) -> None:
    rows = bent(300)
    narrow = Predictions.from_logits(rows.scores.astype(dtype), rows.labels)
    wide = Predictions.from_logits(narrow.scores.astype(np.float64), rows.labels)
    one, other = (BasisScaling().fit(part).transform(rows).probs() for part in (narrow, wide))
    np.testing.assert_allclose(one, other, atol=1e-6)


def test_exact_zeros_and_ones_are_fine() -> None:
    probs = np.array(overconfident(300, 4).probs())
    probs[probs < 0.05] = 0
    rows = Predictions.from_probs(probs / probs.sum(axis=1, keepdims=True), overconfident(300, 4).labels)
    calibrated = BasisScaling().fit(rows).transform(rows)
    assert calibrated.probs().min() > 0
    assert nll(calibrated).value < nll(rows).value


@pytest.mark.parametrize("factor", [1e-9, 1e6])
def test_logits_of_any_size_are_fitted(factor: float) -> None:
    rows = bent(400)
    scaled = Predictions.from_logits(rows.scores * factor, rows.labels)
    expected = nll(BasisScaling().fit(rows).transform(rows)).value
    assert nll(BasisScaling().fit(scaled).transform(scaled)).value == pytest.approx(expected, abs=0.003)


@pytest.mark.parametrize("draw", ["constant", "one class", "absent class", "all right", "all wrong"])
def test_hopeless_rows(draw: str) -> None:
    rows = overconfident(200, 3)
    hopeless = {
        "constant": Predictions.from_logits(np.repeat(np.arange(200.0)[:, None], 3, axis=1), rows.labels),
        "one class": rows.take(rows.labels == 1),
        "absent class": rows.take(rows.labels != 1),
        "all right": Predictions.from_logits(rows.scores, rows.scores.argmax(axis=1)),
        "all wrong": Predictions.from_logits(rows.scores, rows.scores.argmin(axis=1)),
    }[draw]
    fit = BasisScaling().fit(hopeless)
    probs = fit.transform(hopeless).probs()
    assert np.isfinite(probs).all()
    assert probs.min() > 0
    assert fit.fitted_on_ is not None
    assert fit.fitted_on_.nll < nll(hopeless).value + 1e-6
    assert fit.held_out_ is not None
    assert np.isfinite(fit.held_out_.losses).all()


def test_masked_classes_are_refused() -> None:
    drawn = bent(100, 3)
    logits = np.array(drawn.scores)
    logits[7, 2] = -np.inf
    masked = Predictions.from_logits(logits, np.where(drawn.labels == 2, 0, drawn.labels))
    with pytest.raises(InvalidPredictions, match="class 2 is -inf at row 7"):
        BasisScaling().fit(masked)
    with pytest.raises(InvalidPredictions, match="class 2 is -inf at row 7"):
        BasisScaling().fit(drawn).transform(masked)


def test_bad_arguments() -> None:
    with pytest.raises(InvalidArgument, match="matrices must be one of 'few-classes', 'always', 'never'"):
        BasisScaling(matrices="sometimes")  # type: ignore[arg-type]


def test_before_the_fit_there_is_nothing() -> None:
    for name in ("model_", "candidates_", "held_out_", "free_parameters"):
        with pytest.raises(NotFitted, match="basis"):
            getattr(BasisScaling(), name)


GOOD = {
    "temperature": 2.0,
    "slopes": {"log": [1.0, 1.0]},
    "matrices": {},
    "biases": [0.0, 0.0],
    "candidates": [{"name": "link", "nll": 1.0, "difference": 0.0, "stderr": 0.0, "share": 1.0}],
}


@pytest.mark.parametrize(
    ("key", "value", "message"),
    [
        ("slopes", {"root_probability": [1.0, 1.0]}, "'slopes' must map names among log, root_log"),
        (
            "matrices",
            {"entropy_log": [[0.0, 0.0], [0.0, 0.0]]},
            "'matrices' must map names among log, root_prob",
        ),
        ("biases", None, "'biases' must be an array"),
        ("candidates", None, "'candidates' must be a list"),
        ("candidates", [{"name": "link"}], "'nll' must be a finite number"),
    ],
)
def test_damaged_parameters_are_refused(key: str, value: Any, message: str) -> None:
    fit = BasisScaling()
    fit._restore(GOOD)
    assert [score.name for score in fit.candidates_] == ["link"]
    with pytest.raises(UnreadableFile, match=message):
        BasisScaling()._restore({**GOOD, key: value})


WITH_TEN_CLASSES = tuple(net for net in NETS_WITH_VALIDATION if net.startswith("c10-"))


@pytest.mark.data
@pytest.mark.usefixtures("calibrant_data")
@pytest.mark.parametrize("net", WITH_TEN_CLASSES)
def test_on_real_nets_it_is_below_the_best_published_log_loss(net: str) -> None:
    validation, test = validation_and_test(net)
    assert len(WITH_TEN_CLASSES) == 3
    published = min(peers()[net][f"probmetrics-{name}"]["nll"] for name in ("svs", "sms"))
    assert loss_on(BasisScaling(), validation, test) < published - 0.002
