"""What every calibrator is: `fit` on validation rows, `transform` of other rows, a JSON form.

Each method is a final class in a file of its own that fills in the abstract methods here.
"""

from __future__ import annotations

import os
from abc import ABC, abstractmethod
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from typing import Any, ClassVar, Self, overload

import numpy as np
from numpy.typing import ArrayLike

from calibrant._typing import Floats, Kind
from calibrant.calibrators import document
from calibrant.engine import DEFAULT_ENGINE, Engine
from calibrant.errors import EmptyPredictions, IncompatiblePredictions, InvalidArgument, NotFitted
from calibrant.html_blocks import Grid, as_html
from calibrant.metrics import nll
from calibrant.predictions import (
    AnyPredictions,
    Predictions,
    SoftLabelPredictions,
    Table,
    TopLabelPredictions,
)
from calibrant.predictions.checks import check_scores
from calibrant.predictions.given import not_predictions
from calibrant.predictions.soft_label_checks import check_possible
from calibrant.printable import listed


@dataclass(frozen=True, slots=True)
class FitRecord:
    """What a calibrator was fitted on.

    Attributes
    ----------
    n, k : int
        Rows and classes.
    classes : tuple of str, optional
        Names of the classes.
    content_hash : str
        Fingerprint of the rows, so that nobody scores a calibrator on them by mistake; "unknown" where they
        stayed on a device.
    nll : float
        Log-loss on those rows after the fit, nats a row.
    kind : {"logits", "probs"}, optional
        What the scores were; None in files of older versions.
    """

    n: int
    k: int
    classes: tuple[str, ...] | None
    content_hash: str
    nll: float
    kind: Kind | None = None


_NO_WEIGHT = "sample_weight is 0 on every row, so there is nothing to fit on."


class Calibrator(ABC):
    """A post-hoc calibration method.

    Attributes
    ----------
    method : str
        The name in the registry, on the command line and in stored files.
    keeps_argmax : bool
        Whether no predicted class ever changes.
    use_when : str
        When to choose it, to be read after "Use it".
    fitted_on_ : FitRecord or None
        What `fit` saw; None for a calibrator whose parameters were given.
    """

    method: ClassVar[str]
    keeps_argmax: ClassVar[bool]
    use_when: ClassVar[str]

    fitted_on_: FitRecord | None = None

    def fit(
        self,
        predictions: Predictions | SoftLabelPredictions | Table | ArrayLike,
        labels: ArrayLike | None = None,
        *,
        sample_weight: ArrayLike | None = None,
        engine: Engine = DEFAULT_ENGINE,
    ) -> Self:
        """Learn from validation rows: `fit(predictions)`, or `fit(logits, labels)` on bare arrays.

        Parameters
        ----------
        predictions : Predictions, Table, or logits as array (n, k), (n,) or (n, 1)
            Rows that the classifier was not trained on. A method whose loss is one sum over rows also takes
            `SoftLabelPredictions`, and minimises the loss expected of one annotator a row; one that does not
            cross-validate takes a `Table`, rows in parts, which has an engine of its own.
        labels : array, (n,)
            True classes; only with bare logits.
        sample_weight : array, (n,), optional
            Only with bare logits. A weight of 2 counts as the row twice.
        engine : Engine
            What runs the sums.

        Raises
        ------
        InvalidPredictions
            The rows are not valid predictions.
        FitFailed
            No finite fit exists.
        IncompatiblePredictions
            Soft labels, and a method that bins or splits the rows; rows in parts, and one that splits them or
            meets more than 2²⁵ distinct scores of a class.
        """
        if isinstance(predictions, Table):
            return self._fit_parts(predictions)
        rows = _as_predictions(predictions, labels, sample_weight)
        if rows.sample_weight is not None and not rows.sample_weight.any():
            raise EmptyPredictions(_NO_WEIGHT)
        if isinstance(rows, SoftLabelPredictions):
            nll = self._fit_soft_labels(rows, engine)
        else:
            nll = self._fit(rows, engine)
        self.fitted_on_ = FitRecord(rows.n, rows.k, rows.classes, rows.content_hash, nll, rows.kind)
        return self

    @overload
    def transform(self, predictions: Predictions) -> Predictions: ...

    @overload
    def transform(self, predictions: SoftLabelPredictions) -> SoftLabelPredictions: ...

    def transform(
        self, predictions: Predictions | SoftLabelPredictions
    ) -> Predictions | SoftLabelPredictions:
        """Return the rows with calibrated scores; labels or counts, classes and the rest stay.

        Raises
        ------
        NotFitted
            `fit` was not called.
        IncompatiblePredictions
            Other classes than those of the fit; probabilities, where it was fitted on logits and their level
            counts.

        Notes
        -----
        Where the level of logits counts and it was fitted on probabilities, logits are made those first.
        """
        if not isinstance(predictions, AnyPredictions):
            raise not_predictions(predictions)
        self._check_fits(predictions.k, predictions.classes)
        if isinstance(predictions, Predictions):
            return self._calibrated(self._as_fitted(predictions))
        unlabelled = self._as_fitted(
            Predictions(predictions.scores, predictions.kind, np.zeros(predictions.n, np.int64))
        )
        calibrated = self._calibrated(unlabelled)
        return predictions.with_scores(calibrated.scores, calibrated.kind)

    def _calibrated(self, predictions: Predictions) -> Predictions:
        with np.errstate(over="ignore", invalid="ignore"):  # what comes of it is probabilities, or refused
            return self._transform(predictions)

    def predict_proba(self, logits: ArrayLike) -> Floats:
        """Return calibrated probabilities, float64 (n, k), for bare logits (n, k), (n,) or (n, 1)."""
        scores = check_scores(logits, "logits")
        unlabelled = Predictions(scores, "logits", np.zeros(len(scores), np.int64))
        return self.transform(unlabelled).probs()

    def save(self, path: str | os.PathLike[str]) -> None:
        """Write the calibrator to one JSON file; `calibrant.load` reads it back bit for bit."""
        if not self._is_fitted():
            raise NotFitted(f"this {self.method} calibrator has nothing to save: fit it first.")
        record = None if self.fitted_on_ is None else asdict(self.fitted_on_)
        document.write(path, self.method, self.parameters(), record)

    def _check_fits(self, k: int, classes: tuple[str, ...] | None) -> None:
        if not self._is_fitted():
            raise NotFitted(f"this {self.method} calibrator is not fitted: call fit(validation) first.")
        record = self.fitted_on_
        if record is None:
            return
        if record.k != k:
            raise IncompatiblePredictions(
                f"the calibrator was fitted on {record.k} classes; these rows have {k}."
            )
        if record.classes is not None and classes is not None and record.classes != classes:
            raise IncompatiblePredictions(
                f"the calibrator was fitted on the classes {listed(record.classes, 5)}, in that order; "
                f"these rows have {listed(classes, 5)}. Reorder the columns or fit again."
            )

    def _as_fitted(self, predictions: Predictions) -> Predictions:
        """Return the rows with scores of the kind that was fitted, where it makes a difference."""
        if self.bound_to in (None, predictions.kind):
            return predictions
        self.check_kind(predictions.kind)
        return predictions.with_scores(predictions.probs(), "probs")

    def check_kind(self, kind: Kind) -> None:
        """Raise `IncompatiblePredictions` where scores of this kind lack what it was fitted on."""
        if kind == "probs" and self.bound_to == "logits":
            raise IncompatiblePredictions(
                f"this {self.method} calibrator was fitted on logits, whose level counts for it, and these "
                "rows have probabilities, which have lost it. Give logits here, or fit it on probabilities."
            )

    @property
    def bound_to(self) -> Kind | None:
        """The kind of scores that was fitted, where the level of logits counts and the kind is known."""
        return self.fitted_on_.kind if self.fitted_on_ is not None and self.level_counts else None

    @property
    def level_counts(self) -> bool:
        """Whether adding a constant to the logits of a row changes its calibrated probabilities."""
        return False

    @property
    def sums_over_rows(self) -> bool:
        """Whether `fit` minimises one weighted sum over rows, and so takes soft labels."""
        return False

    @property
    def takes_parts(self) -> bool:
        """Whether `fit` has a way through rows in several parts, which some settings may still rule out."""
        return type(self)._fit_table is not Calibrator._fit_table

    @property
    def _as_set_up(self) -> str:
        """What to call this calibrator where it is the settings that refuse something."""
        return f"{self.method} as it is set up"

    def _fit_parts(self, table: Table) -> Self:
        if not self.takes_parts:
            table.check_one_part(self._as_set_up)
        table = table.kept()
        facts = table.facts()
        if not facts.weighs:
            raise EmptyPredictions(_NO_WEIGHT)
        nll, rows = self._fit_table(table), facts.fingerprint
        self.fitted_on_ = FitRecord(rows.n, rows.k, facts.classes, rows.hexdigest(), nll, facts.kind)
        return self

    def _fit_table(self, table: Table) -> float:
        """Learn from rows in parts; return the log-loss. Methods that can, say how."""
        return self._fit(table.only_part(self._as_set_up), table.engine)

    def _loss_over(self, table: Table) -> float:
        """Return the log-loss of the rows, in nats, after they went through the fitted calibrator."""
        return nll.over(table.changed(self._transform)).value

    def _fit_soft_labels(self, rows: SoftLabelPredictions, engine: Engine) -> float:
        """Learn from each class that was chosen in each row, weighing its share; return the log-loss."""
        if not self.sums_over_rows:
            raise IncompatiblePredictions(
                f"{self._as_set_up} bins or pools the rows, or splits them into folds, so it "
                "needs one label for each row; these rows have counts of annotators. The methods for those "
                "minimise one sum over rows: temperature and vector are the first to try."
            )
        check_possible(rows.scores, rows.kind, rows.chosen if self.keeps_argmax else rows.counts >= 0)
        return self._fit(rows.expanded(), engine)

    def _repr_html_(self) -> str:
        if not self._is_fitted():
            return as_html([f"{type(self).__name__}, not fitted: call fit(validation) first."])
        facts = [("method", self.method), ("learned", self.describe())]
        record = self.fitted_on_
        if record is not None:
            facts += [
                ("fitted on", f"{record.n:,} rows, {record.k:,} classes"),
                ("log-loss on them", f"{record.nll:.4f} nats a row"),
            ]
        facts += [("free parameters", f"{self.free_parameters:,}")]
        return as_html([type(self).__name__, Grid(["", ""], facts, words=2)])

    @abstractmethod
    def parameters(self) -> dict[str, Any]:
        """Return what was learned, as JSON values."""

    @property
    @abstractmethod
    def free_parameters(self) -> int:
        """Numbers that the fit was free to choose."""

    @abstractmethod
    def describe(self) -> str:
        """Say in one line what the fitted calibrator does."""

    @abstractmethod
    def _fit(self, predictions: Predictions, engine: Engine) -> float:
        """Learn, and return the log-loss on the rows after the fit."""

    @abstractmethod
    def _is_fitted(self) -> bool:
        """Return whether there are parameters to apply."""

    @abstractmethod
    def _transform(self, predictions: Predictions) -> Predictions:
        """Return calibrated predictions; the rows are known to fit."""

    @abstractmethod
    def _restore(self, parameters: Mapping[str, Any]) -> None:
        """Take what `parameters` returned, checked value by value."""


def _as_predictions(
    predictions: AnyPredictions | ArrayLike,
    labels: ArrayLike | None,
    sample_weight: ArrayLike | None,
) -> Predictions | SoftLabelPredictions:
    if isinstance(predictions, TopLabelPredictions):
        raise IncompatiblePredictions(
            "a calibrator needs the scores of all classes; these rows have only the top label's confidence. "
            "Fit a two-class method to their as_binary(), whether the top label is right."
        )
    if isinstance(predictions, Predictions | SoftLabelPredictions):
        if labels is not None or sample_weight is not None:
            raise InvalidArgument(
                "labels and sample_weight belong to the Predictions; pass them only with bare logits."
            )
        return predictions
    if labels is None:
        raise InvalidArgument("bare logits need labels: fit(logits, labels), or pass Predictions.")
    return Predictions.from_logits(predictions, labels, sample_weight=sample_weight)
