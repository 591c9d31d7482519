"""Class-wise bins of soft labels, against the plain definition and against the bins of labels."""

import numpy as np
import pytest

from calibrant.metrics import Rows
from calibrant.metrics.bins import bin_classes, equal_width_edges
from tests import oracle
from tests.drawn_predictions import overconfident
from tests.soft_label_rows import annotated, as_probs, one_hot

EDGES = equal_width_edges(15)
pytestmark = pytest.mark.usefixtures("_both_ways")


@pytest.mark.parametrize("kind", ["logits", "probs"])
def test_every_class_against_its_share(kind: str) -> None:
    rows = annotated(200, 4, weighted=True) if kind == "logits" else as_probs(annotated(200, 4))
    sums = bin_classes(Rows(rows), EDGES).sums
    probs = oracle.probs_of(rows)
    for label in range(4):
        wanted = oracle.bin_table(probs[:, label], rows.shares[:, label], 15, rows.sample_weight)
        np.testing.assert_allclose(sums[label], wanted, rtol=1e-12, atol=1e-12)


@pytest.mark.parametrize("weighted", [False, True])
def test_annotators_who_agree_are_a_label(weighted: bool) -> None:
    rows = overconfident(9000, 5, weighted=weighted)
    soft, hard = bin_classes(Rows(one_hot(rows)), EDGES), bin_classes(Rows(rows), EDGES)
    np.testing.assert_allclose(soft.sums, hard.sums, rtol=1e-13)
