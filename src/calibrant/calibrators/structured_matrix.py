"""Structured matrix scaling: matrix scaling held to temperature scaling by ridges set by n and k.

Its penalties follow from the paper's formula, not from the rows; `basis` chooses them, and its functions too.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, ClassVar, final

import numpy as np

from calibrant._typing import Floats
from calibrant.calibrators import odir
from calibrant.calibrators.anchor import refuse_masked
from calibrant.calibrators.choices import check_amount
from calibrant.calibrators.structured_fit import fit_structured
from calibrant.calibrators.structured_softmax import StructuredSoftmax, decode, encode
from calibrant.calibrators.summed import SummedCalibrator
from calibrant.errors import NotFitted
from calibrant.predictions import Predictions, Table


@final
class StructuredMatrixScaling(SummedCalibrator):
    """Calibrate with softmax(W z + b), z the log-softmax of the logits at the best temperature.

    Parameters
    ----------
    strength : float
        Factor ≥ 0 of all ridges; 1 is the paper's.
    many_classes : {"refuse", "allow"}
        What to do with more than 200 classes, where W has over 40,000 weights to learn.

    Attributes
    ----------
    temperature_ : float
        T of temperature scaling, which comes first.
    weights_ : float64 array, (k, k)
        W, near the identity; row j makes the score of class j.
    biases_ : float64 array, (k,)
        b, near 0.

    Raises
    ------
    InvalidArgument
        The strength is negative or not finite; `fit` met more than 200 classes.
    InvalidPredictions
        A logit is -inf: the method mixes the classes, so none can be masked.

    Notes
    -----
    Berta, Holzmüller, Jordan & Bach, "Structured matrix scaling for multi-class calibration", AISTATS 2026
    (SMS). With W = I + D + M, D diagonal and M without diagonal, and n the summed weight, the loss is the
    mean log-loss + (k/n) (|D|² + |b|²) + (k (k - 1)/n) |M|²: temperature first, then the diagonal, and the
    full matrix only as far as the rows for each of its numbers reach.

    Examples
    --------
    >>> logits = [[2.0, 0.0], [1.0, 0.0], [0.5, 0.0], [1.5, 0.0], [0.0, 1.0]]
    >>> StructuredMatrixScaling().fit(logits, [0, 1, 0, 1, 1]).weights_.shape
    (2, 2)
    """

    method: ClassVar[str] = "structured_matrix"
    keeps_argmax: ClassVar[bool] = False
    use_when: ClassVar[str] = (
        "where classes are confused with each other, up to 200 classes, when time is short"
    )

    def __init__(self, *, strength: float = 1.0, many_classes: odir.ManyClasses = "refuse") -> None:
        self.strength = check_amount("strength", strength)
        self.many_classes = odir.check_many_classes(many_classes)
        self.model_: StructuredSoftmax | None = None

    @property
    def temperature_(self) -> float:
        """T of temperature scaling."""
        return self._fitted().temperature

    @property
    def weights_(self) -> Floats:
        """The matrix W."""
        model = self._fitted()
        weights: Floats = np.diag(model.slopes["log"]) + model.matrices["log"].T
        return weights

    @property
    def biases_(self) -> Floats:
        """The vector b."""
        return self._fitted().biases

    @property
    def free_parameters(self) -> int:
        """Numbers that the fit was free to choose."""
        return 1 + self.weights_.size + self.biases_.size

    def parameters(self) -> dict[str, Any]:
        """Return T, the diagonal and the rest of W, and b."""
        return encode(self._fitted())

    def describe(self) -> str:
        """Say the temperature and how far the matrix is from the identity."""
        weights = self.weights_
        k = len(weights)
        change = float(np.abs(weights - np.eye(k)).max())
        return (
            f"structured matrix scaling: T = {self.temperature_:.4f}, {k} × {k} weights within "
            f"{change:.3f} of the identity"
        )

    def _fitted(self) -> StructuredSoftmax:
        if self.model_ is None:
            raise NotFitted("this structured_matrix calibrator is not fitted: call fit(validation) first.")
        return self.model_

    def _fit_table(self, table: Table) -> float:
        odir.refuse_many_classes(table.k, self.many_classes)
        self.model_ = fit_structured(table, mixing=True, strength=self.strength)
        return self._loss_over(table)

    def _is_fitted(self) -> bool:
        return self.model_ is not None

    def _transform(self, predictions: Predictions) -> Predictions:
        refuse_masked(predictions)
        return predictions.with_scores(self._fitted().probs(predictions.logits()), "probs")

    def _restore(self, parameters: Mapping[str, Any]) -> None:
        self.model_ = decode(parameters, slopes=("log",), matrices=("log",), required=("log",))
