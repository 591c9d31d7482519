"""A fit made on a device becomes a calibrator that is saved, read and applied like any other."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
import pytest

from calibrant import load
from calibrant.array_api import fit_temperature, fit_vector
from calibrant.calibrators import TemperatureScaling, VectorScaling, from_fit
from calibrant.errors import IncompatiblePredictions
from tests.drawn_predictions import overconfident

METHODS: Any = [(fit_temperature, TemperatureScaling), (fit_vector, VectorScaling)]


@pytest.mark.parametrize(("fit", "method"), METHODS)
def test_it_transforms_as_one_fitted_here(fit: Any, method: Any, tmp_path: Path) -> None:
    rows = overconfident(200, 4)
    calibrator = from_fit(fit(rows.scores, rows.labels))
    assert isinstance(calibrator, method)
    expected = method().fit(rows)
    np.testing.assert_allclose(
        calibrator.transform(rows).probs(), expected.transform(rows).probs(), rtol=1e-6
    )
    assert calibrator.describe() == expected.describe()
    calibrator.save(tmp_path / "c.json")
    loaded = load(tmp_path / "c.json")
    np.testing.assert_array_equal(loaded.transform(rows).scores, calibrator.transform(rows).scores)
    assert loaded.fitted_on_ == calibrator.fitted_on_


@pytest.mark.parametrize(("fit", "method"), METHODS)
def test_it_knows_its_classes_but_not_its_rows(fit: Any, method: Any) -> None:
    rows = overconfident(200, 4)
    found, expected = from_fit(fit(rows.scores, rows.labels)).fitted_on_, method().fit(rows).fitted_on_
    assert found is not None
    assert found.content_hash != expected.content_hash
    assert (found.n, found.k, found.classes) == (expected.n, expected.k, expected.classes)
    assert found.nll == pytest.approx(expected.nll, rel=1e-9)
    with pytest.raises(IncompatiblePredictions, match="fitted on 4 classes; these rows have 3"):
        from_fit(fit(rows.scores, rows.labels)).transform(overconfident(10, 3))


def test_many_classes_are_stored(tmp_path: Path) -> None:
    rows = overconfident(20, 1100)
    calibrator = from_fit(fit_vector(rows.scores, rows.labels))
    calibrator.save(tmp_path / "c.json")
    np.testing.assert_array_equal(
        load(tmp_path / "c.json").transform(rows).scores, calibrator.transform(rows).scores
    )
