"""`Predictions` holds what came, in whatever form it came, read-only."""

from dataclasses import FrozenInstanceError
from typing import Any

import numpy as np
import pytest
from hypothesis import given

from calibrant.errors import EmptyPredictions, InvalidArgument, InvalidPredictions
from calibrant.predictions import Predictions, RawPredictions
from tests import oracle
from tests.drawn_predictions import FLOAT_TYPES, logit_predictions, overconfident, prob_predictions

LOGITS = [[2.0, 0.0, -1.0], [0.5, 1.0, 3.0]]


@pytest.mark.parametrize("dtype", FLOAT_TYPES)
@pytest.mark.parametrize("build", [Predictions.from_logits, Predictions.from_probs])
def test_scores_stay_in_their_float_type_without_a_copy(dtype: Any, build: Any) -> None:
    scores = np.array([[0.5, 0.25, 0.25], [0.0, 0.0, 1.0]], dtype)
    rows = build(scores, [0, 2])
    assert rows.scores.dtype == dtype
    assert np.shares_memory(rows.scores, scores)
    assert (rows.n, rows.k, rows.labels.dtype) == (2, 3, np.int64)


@pytest.mark.parametrize(
    "scores",
    [
        LOGITS,
        tuple(map(tuple, LOGITS)),
        np.array(LOGITS, order="F"),
        np.array(LOGITS, ">f4"),
        np.array(LOGITS, "<f8"),
        np.repeat(np.repeat(LOGITS, 2, axis=0), 3, axis=1)[::2, ::3],
        np.array(LOGITS)[::-1][::-1],
        np.array(LOGITS, np.longdouble),
        np.frombuffer(b"x" + np.array(LOGITS).tobytes(), np.float64, offset=1).reshape(2, 3),
    ],
    ids=[
        "list",
        "tuple",
        "Fortran",
        "big-endian",
        "little-endian",
        "strided",
        "reversed",
        "long",
        "unaligned",
    ],
)
def test_any_array_like_is_read(scores: Any) -> None:
    rows = Predictions.from_logits(scores, [0, 1])
    assert rows.scores.tolist() == LOGITS
    assert rows.scores.dtype.isnative
    assert rows.scores.dtype in FLOAT_TYPES
    assert rows.content_hash == Predictions.from_logits(LOGITS, [0, 1]).content_hash


@pytest.mark.parametrize("dtype", [np.int8, np.int64, np.uint16, np.bool_])
def test_whole_numbers_are_scores_too(dtype: Any) -> None:
    rows = Predictions.from_logits(np.array([[0, 1], [1, 0]], dtype), [0, 1])
    assert rows.scores.dtype == np.float64
    assert rows.scores.tolist() == [[0, 1], [1, 0]]


@pytest.mark.parametrize(
    "labels",
    [np.array([0, 1], np.uint8), np.array([0, 1], ">i4"), np.array([[0], [1]]), (0, 1)],
    ids=["uint8", "big-endian", "column", "tuple"],
)
def test_any_form_of_labels_is_read(labels: Any) -> None:
    rows = Predictions.from_logits(LOGITS, labels)
    assert rows.labels.tolist() == [0, 1]
    assert rows.labels.dtype == np.int64


def test_a_yes_or_no_is_a_label_of_two_classes_alone() -> None:
    assert Predictions.from_logits([[0.0, 1.0], [1.0, 0.0]], [False, True]).labels.tolist() == [0, 1]
    with pytest.raises(InvalidPredictions, match="labels are booleans, and there are 3 classes"):
        Predictions.from_logits(LOGITS, [False, True])


def test_torch_tensors_are_read() -> None:
    torch = pytest.importorskip("torch")
    rows = Predictions.from_logits(torch.tensor(LOGITS), torch.tensor([0, 1]))
    assert rows.scores.dtype == np.float32
    assert rows.labels.tolist() == [0, 1]


@pytest.mark.parametrize("form", ["requires_grad", "bfloat16"])
def test_torch_tensors_that_numpy_cannot_read_get_advice(form: str) -> None:
    torch = pytest.importorskip("torch")
    tensor = torch.tensor(LOGITS)
    tensor = tensor.requires_grad_() if form == "requires_grad" else tensor.bfloat16()
    with pytest.raises(InvalidPredictions, match=r"pass tensor\.detach\(\)\.cpu\(\)\.float\(\)"):
        Predictions.from_logits(tensor, [0, 1])


@pytest.mark.parametrize("dtype", FLOAT_TYPES)
def test_the_forms_of_a_binary_logit_agree(dtype: Any) -> None:
    z, y = np.array([1.5, -2.0, 0.0], dtype), [1, 0, 1]
    forms = [z, z[:, None], np.stack([np.zeros_like(z), z], axis=1)]
    rows = [Predictions.from_logits(form, y) for form in forms]
    for each in rows:
        assert each.scores.tolist() == [[0, 1.5], [0, -2], [0, 0]]
        assert each.scores.dtype == dtype
    assert len({each.content_hash for each in rows}) == 1


def test_the_forms_of_a_binary_probability_agree() -> None:
    p, y = np.array([0.25, 1.0, 0.0]), [1, 0, 1]
    rows = [Predictions.from_probs(form, y) for form in (p, p[:, None], np.stack([1 - p, p], axis=1))]
    for each in rows:
        assert each.scores.tolist() == [[0.75, 0.25], [0, 1], [1, 0]]
    assert len({each.content_hash for each in rows}) == 1


@pytest.mark.parametrize("dtype", [np.float16, np.float32])
def test_a_narrow_binary_probability_keeps_its_value(dtype: Any) -> None:
    """1 - p is not a float32 for most float32 p: rounding it would shift p when the row is normalised."""
    p = np.array([0.1, 0.2, 0.3, 1e-4, 0.9999], dtype)
    rows = Predictions.from_probs(p, [0, 1, 0, 1, 0])
    assert rows.probs()[:, 1].tolist() == p.astype(np.float64).tolist()
    assert rows.content_hash == Predictions.from_probs(p.astype(np.float64), [0, 1, 0, 1, 0]).content_hash


def test_all_arrays_are_read_only_and_the_callers_stay_writable() -> None:
    given = {
        "sample_weight": np.ones(2),
        "groups": np.array(["a", "b"]),
        "ids": np.array([10, 20]),
    }
    scores, labels = np.array(LOGITS), np.array([0, 1])
    rows = Predictions.from_logits(scores, labels, **given)
    for array in (rows.scores, rows.labels, *(getattr(rows, name) for name in given)):
        assert not array.flags.writeable
    for array in (scores, labels, *given.values()):
        assert array.flags.writeable
    with pytest.raises(FrozenInstanceError):
        rows.kind = "probs"  # type: ignore[misc]
    for derived in (rows.probs(), rows.logits(), rows.take([0]).scores, rows.take([0]).labels):
        assert not derived.flags.writeable


def test_read_only_arguments_are_accepted_and_unchanged() -> None:
    scores, labels = np.array(LOGITS), np.array([0, 1])
    copies = scores.copy(), labels.copy()
    scores.flags.writeable = labels.flags.writeable = False
    rows = Predictions.from_logits(scores, labels)
    rows.probs(), rows.take([1, 0]), rows.content_hash
    assert (scores == copies[0]).all()
    assert (labels == copies[1]).all()


def test_names_weights_groups_and_ids_are_kept() -> None:
    rows = Predictions.from_logits(
        LOGITS,
        [0, 1],
        classes=np.array(["bird", "cat", "dog"]),
        sample_weight=[True, False],
        groups=[1.5, 2.5],
        ids=np.array([7, 8], np.uint8),
    )
    assert rows.classes == ("bird", "cat", "dog")
    assert [type(name) for name in rows.classes] == [str] * 3
    assert rows.class_name(1) == "cat"
    assert rows.sample_weight is not None
    assert rows.sample_weight.tolist() == [1.0, 0.0]
    assert rows.groups is not None
    assert rows.groups.tolist() == ["1.5", "2.5"]
    assert rows.ids is not None
    assert rows.ids.tolist() == [7, 8]


def test_classes_without_names_go_by_number() -> None:
    assert Predictions.from_logits(LOGITS, [0, 1]).class_name(2) == "2"


def test_what_a_reader_returned_is_checked() -> None:
    raw = RawPredictions(np.array([0.5, 2.0]), "logits", np.array([0, 1]), classes=("bird", "cat"))
    assert Predictions.from_raw(raw).classes == ("bird", "cat")
    with pytest.raises(InvalidPredictions, match=r"lie in 0\.\.1"):
        Predictions.from_raw(RawPredictions(np.array([0.5, 2.0]), "probs", np.array([0, 1])))
    with pytest.raises(InvalidArgument, match="kind must be 'logits' or 'probs'; got 'scores'"):
        Predictions.from_raw(RawPredictions(np.array([0.5]), "scores", np.array([0])))  # type: ignore[arg-type]


def full() -> Predictions:
    return Predictions.from_probs(
        [[0.5, 0.5], [0.1, 0.9], [0.8, 0.2]],
        [0, 1, 1],
        classes=["bird", "cat"],
        sample_weight=[1, 2, 3],
        groups=["x", "y", "x"],
        ids=[5, 6, 7],
    )


@pytest.mark.parametrize("rows", [[2, 0], np.array([True, False, True]), (0, 2), [-1, 0, 0]])
def test_take_keeps_all_that_belongs_to_the_rows(rows: Any) -> None:
    index = np.arange(3)[np.asarray(rows)]
    taken = full().take(rows)
    for name in ("scores", "labels", "sample_weight", "groups", "ids"):
        assert getattr(taken, name).tolist() == getattr(full(), name)[index].tolist()
    assert (taken.kind, taken.classes) == ("probs", ("bird", "cat"))
    assert taken.content_hash != full().content_hash


@pytest.mark.parametrize("rows", [[], np.zeros(3, bool), np.array([], int)])
def test_taking_nothing_is_an_error(rows: Any) -> None:
    with pytest.raises(EmptyPredictions, match="no row was picked"):
        full().take(rows)


def test_with_scores_changes_only_the_scores() -> None:
    changed = full().with_scores(np.zeros((3, 2), np.float32), "logits")
    assert changed.kind == "logits"
    assert changed.scores.dtype == np.float32
    assert changed.ids is full().ids or changed.ids.tolist() == [5, 6, 7]  # type: ignore[union-attr]
    assert changed.content_hash != full().content_hash


def test_with_scores_checks_them() -> None:
    with pytest.raises(InvalidArgument, match=r"keep the shape \(3, 2\); got \(2, 2\)"):
        full().with_scores(np.zeros((2, 2)), "logits")
    with pytest.raises(InvalidPredictions, match="row 0 sums to 0"):
        full().with_scores(np.zeros((3, 2)), "probs")


def test_logits_of_probabilities_are_floored_logarithms() -> None:
    rows = Predictions.from_probs(np.array([[1.0, 0.0], [0.25, 0.75]], np.float32), [0, 1])
    assert rows.logits().tolist() == [[0.0, -126 * np.log(2)], [np.log(0.25), np.log(0.75)]]
    assert rows.logits().dtype == np.float64


def test_huge_logits_make_probabilities_without_a_warning() -> None:
    assert Predictions.from_logits([[1e308, -1e308]], [0]).probs().tolist() == [[1.0, 0.0]]


@given(logit_predictions(masks=True) | prob_predictions())
def test_probs_are_normalised_float64(rows: Predictions) -> None:
    probs = rows.probs()
    assert probs.dtype == np.float64
    np.testing.assert_allclose(probs.sum(axis=1), 1.0, rtol=1e-15)
    np.testing.assert_allclose(probs, oracle.probs_of(rows), rtol=1e-13, atol=1e-300)
    assert (probs[np.isneginf(rows.scores)] == 0).all()


def test_the_text_form_is_one_short_line() -> None:
    assert repr(overconfident(12, 3)) == "Predictions(n=12, k=3, kind='logits', float64)"
    named = Predictions.from_logits(np.zeros((1, 6), np.float16), [0], classes=["a", "b", "c", "d", "e", "f"])
    assert repr(named) == (
        "Predictions(n=1, k=6, kind='logits', float16, classes=['a', 'b', 'c', 'd', 'e'] …)"
    )
