"""What matrix scaling and Dirichlet calibration share: softmax(W x + b) with penalties, fitted and stored.

What x is, the logits or their log-softmax, each method says itself.
"""

from __future__ import annotations

from abc import abstractmethod
from collections.abc import Mapping
from typing import Any, ClassVar

from calibrant._typing import Floats, Scores
from calibrant.calibrators import odir
from calibrant.calibrators.anchor import UNBOUNDED_REASONS, Unbounded, refuse_masked
from calibrant.calibrators.class_scores import check_class_count, class_probs
from calibrant.calibrators.summed import SummedCalibrator
from calibrant.errors import NotFitted
from calibrant.predictions import Predictions, Table


class AffineCalibrator(SummedCalibrator):
    """Calibrate with softmax(W x + b), W and b minimising the penalised log-loss.

    Attributes
    ----------
    title : str
        The method in words, for descriptions.
    normalised : bool
        Whether x is the log-softmax of the logits.

    Notes
    -----
    The loss is the mean log-loss + λ s² / (k (k - 1)) Σ_{i≠j} w_ij² + λ / k Σ b_j² (off-diagonal and
    intercept regularisation, ODIR: Kull, Perello-Nieto, Kängsepp, Silva Filho, Song & Flach, NeurIPS 2019,
    section 3). With s, the root mean square of the centred logits, λ means the same for logits of any
    scale; s = 1 gives the paper's form. The diagonal is free, so every λ contains temperature scaling. A
    ridge of 1e-2 |θ - θ₀|² / 2 beside the summed loss ties W and b to it, so that the optimum is unique and
    finite; for a class that never occurs its weight is 1, so that the class stays possible. The loss
    is convex; L-BFGS comes near the optimum, Newton's steps with conjugate gradients end there. Where x is
    ten thousand times as large as what tells its rows apart, W stays near 1 and only b learns.
    """

    title: ClassVar[str]
    normalised: ClassVar[bool]

    def __init__(self, *, strength: float | None = None, many_classes: odir.ManyClasses = "refuse") -> None:
        self.strength = odir.check_strength(strength)
        self.many_classes = odir.check_many_classes(many_classes)
        self.fit_: odir.AffineFit | None = None

    @property
    def weights_(self) -> Floats:
        """The matrix W."""
        return self._fitted().weights

    @property
    def biases_(self) -> Floats:
        """The vector b."""
        return self._fitted().biases

    @property
    def strength_(self) -> float:
        """Strength of the penalties, given or chosen."""
        return self._fitted().strength

    @property
    def level_counts(self) -> bool:
        """Whether a constant added to a row changes what comes of it: unless x is their log-softmax."""
        return not self.normalised

    @property
    def unbounded_(self) -> Unbounded | None:
        """Why the log-loss alone has no finite optimum, if so."""
        return self._fitted().unbounded

    @property
    def sums_over_rows(self) -> bool:
        """Whether the fit takes soft labels, and rows in parts: where no folds choose the strength."""
        return self.strength is not None

    def parameters(self) -> dict[str, Any]:
        """Return W, b and the strength of the penalties."""
        return odir.encode(self._fitted())

    def describe(self) -> str:
        """Say the size of the matrix and the strength of the penalties."""
        fit = self._fitted()
        k, note = len(fit.biases), UNBOUNDED_REASONS[fit.unbounded]
        return f"{self.title}: {k} × {k} weights, penalties {fit.strength:.3g}{note}"

    def _fitted(self) -> odir.AffineFit:
        if self.fit_ is None:
            raise NotFitted(f"this {self.method} calibrator is not fitted: call fit(validation) first.")
        return self.fit_

    @property
    def free_parameters(self) -> int:
        """Numbers that the fit was free to choose."""
        return self.weights_.size + self.biases_.size

    def _fit_table(self, table: Table) -> float:
        odir.refuse_many_classes(table.k, self.many_classes)
        self.fit_, loss = odir.fit_affine(table, normalised=self.normalised, strength=self.strength)
        return loss

    def _is_fitted(self) -> bool:
        return self.fit_ is not None

    def _transform(self, predictions: Predictions) -> Predictions:
        check_class_count(len(self.biases_), predictions.k)
        refuse_masked(predictions)
        scores = self._inputs(predictions.logits()) @ self.weights_.T
        scores += self.biases_
        return predictions.with_scores(class_probs(scores), "probs")

    def _restore(self, parameters: Mapping[str, Any]) -> None:
        self.fit_ = odir.decode(parameters)

    @abstractmethod
    def _inputs(self, logits: Scores) -> Scores:
        """Return what W is multiplied by, (n, k)."""
