"""Rows of every form, drawn by Hypothesis, with whatever may belong to them; when two sets are the same."""

from __future__ import annotations

from dataclasses import fields, replace
from typing import Any

import numpy as np
from hypothesis import strategies as st

from calibrant.predictions import AnyPredictions, TopLabelPredictions
from tests.drawn_predictions import logit_predictions, prob_predictions
from tests.soft_label_rows import soft_label_predictions

NAMES = st.text(st.characters(exclude_categories=("Cs",), exclude_characters="\0"), max_size=4)


@st.composite
def top_label_predictions(draw: st.DrawFn) -> TopLabelPredictions:
    """A few confidences, with classes or with outcomes alone."""
    confidence = draw(st.lists(st.floats(0, 1), min_size=1, max_size=12))
    numbers = st.lists(st.integers(0, 3), min_size=len(confidence), max_size=len(confidence))
    if draw(st.booleans()):
        return TopLabelPredictions.from_labels(confidence, draw(numbers), draw(numbers))
    return TopLabelPredictions.from_correct(confidence, [number % 2 for number in draw(numbers)])


@st.composite
def described(draw: st.DrawFn) -> AnyPredictions:
    """Rows of any form, some with weights (zeros among them), groups, identifiers and class names."""
    rows: Any = draw(
        logit_predictions(masks=True)
        | prob_predictions()
        | soft_label_predictions()
        | top_label_predictions()
    )

    def column(elements: st.SearchStrategy[Any]) -> st.SearchStrategy[Any]:
        return st.lists(elements, min_size=rows.n, max_size=rows.n).map(np.array)

    weight = draw(st.none() | column(st.sampled_from([0.0, 0.5, 3.0])))
    if weight is not None and not weight.any():
        weight[0] = 1.0
    texts = column(NAMES).map(lambda values: values.astype(np.str_))
    ids = draw(st.none() | texts | column(st.integers(-(2**40), 2**60)))
    groups = draw(st.none() | texts)
    classes = None
    if not isinstance(rows, TopLabelPredictions) and draw(st.booleans()):
        classes = tuple(f"class {index}," for index in range(rows.k))
    return replace(rows, sample_weight=weight, ids=ids, groups=groups, classes=classes)


def assert_identical(found: AnyPredictions, wanted: AnyPredictions) -> None:
    """Every array has the same type, shape and bits."""
    assert type(found) is type(wanted)
    for name in (field.name for field in fields(wanted)):
        one, other = getattr(found, name), getattr(wanted, name)
        if isinstance(other, np.ndarray):
            assert one.dtype == other.dtype, name
            np.testing.assert_array_equal(one, other, err_msg=name)
            if other.dtype.kind == "f":
                np.testing.assert_array_equal(np.signbit(one), np.signbit(other), err_msg=name)
        else:
            assert one == other, name
