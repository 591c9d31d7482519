"""What is given to a file and is none of its inputs is the caller's mistake, and never a silent answer."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from calibrant.errors import InvalidArgument, UnreadableFile
from calibrant.exported import ExportedModel
from tests.exported.graphs import FACTS

OF_LOGITS = replace(FACTS, takes="logits", pixels=None)
OF_FEATURES = replace(FACTS, takes="features", pixels=None, features=3)
IMAGE = np.zeros((1, 1, 4, 4))


def model(facts=FACTS, answer: float = 0.5) -> ExportedModel:
    return ExportedModel(Path("a.onnx"), facts, lambda rows: np.full((len(rows), 2), answer))


@pytest.mark.parametrize(
    ("pixels", "came"),
    [
        (IMAGE + 0.5, r"float64 of the shape \(1, 1, 4, 4\)"),
        (IMAGE.astype(np.int64) + 300, "int64"),
        (np.zeros((1, 4, 4, 3), np.uint8), r"\(1, 4, 4, 3\)"),
        (np.zeros((4, 4), np.uint8), r"\(4, 4\)"),
        (np.zeros((1, 3, 5, 5), np.uint8), r"\(1, 1, 5, 5\)"),
        (np.zeros((0, 1, 4, 4), np.uint8), r"\(0, 1, 4, 4\)"),
    ],
)
def test_images_of_another_type_or_shape_are_refused(pixels: np.ndarray, came: str) -> None:
    with pytest.raises(InvalidArgument, match=rf"a\.onnx takes .*uint8 .*got .*{came}"):
        model().probabilities(pixels)
    with pytest.raises(InvalidArgument, match="one row or more; got"):
        model().run(pixels)


def test_images_for_a_file_of_logits_are_refused() -> None:
    with pytest.raises(InvalidArgument, match="takes logits and no images"):
        model(OF_LOGITS).probabilities(IMAGE.astype(np.uint8))


@pytest.mark.parametrize("rows", [np.zeros((0, 2)), np.zeros((2, 3)), np.zeros(2), np.array([["a", "b"]])])
def test_rows_of_another_shape_or_type_are_refused(rows: np.ndarray) -> None:
    with pytest.raises(InvalidArgument, match=r"takes logits, float32 \(n, 2\), one row or more; got"):
        model(OF_LOGITS).run(rows)


@pytest.mark.parametrize("row", [[0.0, np.nan], [0.0, np.inf], [-np.inf, -np.inf], [1e300, 0.0]])
def test_logits_that_are_none_are_refused(row: list[float]) -> None:
    with pytest.raises(InvalidArgument, match=r"makes no probabilities of row 1 .* holds NaN"):
        model(OF_LOGITS).run(np.array([[0.0, 0.0], row]))
    assert model(OF_LOGITS).run(np.array([[0.0, -np.inf]])).tolist() == [[0.5, 0.5]]


def test_features_may_be_missing_where_the_file_can_do_without() -> None:
    missing = np.array([[0.0, 1.0, 2.0], [np.nan, 1.0, 2.0]])
    assert model(OF_FEATURES).run(missing).shape == (2, 2)

    def cannot(rows: np.ndarray) -> np.ndarray:
        return np.stack((rows[:, 0], 1 - rows[:, 0]), axis=1)

    with pytest.raises(InvalidArgument, match="makes no probabilities of row 1"):
        replace(model(OF_FEATURES), runs=cannot).run(missing)


def test_sound_inputs_blame_the_file() -> None:
    def broken(rows: np.ndarray) -> np.ndarray:
        raise RuntimeError("no kernel")

    with pytest.raises(UnreadableFile, match=r"a\.onnx cannot be run \(RuntimeError: no kernel\)"):
        replace(model(), runs=broken).run(IMAGE.astype(np.uint8))
    with pytest.raises(UnreadableFile, match="are no probabilities"):
        model(answer=0.7).run(IMAGE.astype(np.uint8))
