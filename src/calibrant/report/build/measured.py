"""The rows as they came and as a calibrator leaves them, measured once for all parts of a report."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Protocol

from calibrant.analysis import Difference, Evaluation, evaluate, paired_differences
from calibrant.engine import Engine
from calibrant.metrics import Rows
from calibrant.metrics.bins import bin_classes, equal_width_edges
from calibrant.metrics.convention import DEFAULT_BINS
from calibrant.predictions import AnyPredictions, SoftLabelPredictions, TopLabelPredictions


class Evaluated(Protocol):
    """One set of probabilities, of which at least the metrics are known."""

    @property
    def evaluation(self) -> Evaluation:
        """The default metrics."""
        ...


class EvaluatedSides(Protocol):
    """The same rows before and, where there is a calibrator, after it."""

    @property
    def before(self) -> Evaluated:
        """As they came."""
        ...

    @property
    def after(self) -> Evaluated | None:
        """As the calibrator leaves them."""
        ...


@dataclass(frozen=True, eq=False)
class Measured:
    """One set of probabilities of the test rows.

    Attributes
    ----------
    rows : Rows
        With what metrics share.
    evaluation : Evaluation
        The default metrics.
    """

    rows: Rows
    evaluation: Evaluation

    @classmethod
    def of(cls, predictions: AnyPredictions, *, seed: int, engine: Engine) -> Measured:
        """Measure rows."""
        rows = Rows(predictions, engine)
        if not isinstance(predictions, TopLabelPredictions):
            bin_classes(rows, equal_width_edges(DEFAULT_BINS))  # its pass leaves the summary too
        return cls(rows, evaluate(predictions, seed=seed, engine=engine))

    @property
    def has_all_classes(self) -> bool:
        """Whether the probabilities of all classes are known."""
        return not isinstance(self.rows.source, TopLabelPredictions)

    @property
    def has_one_label(self) -> bool:
        """Whether each row has one label, and not the answers of several annotators."""
        return not isinstance(self.rows.source, SoftLabelPredictions)


@dataclass(frozen=True, eq=False)
class BeforeAfter:
    """The same rows before and, where there is a calibrator, after it."""

    before: Measured
    after: Measured | None

    @property
    def sides(self) -> tuple[tuple[str, Measured], ...]:
        """What there is, with its name."""
        before = ("before", self.before)
        return (before,) if self.after is None else (before, ("after", self.after))

    def loss_difference(self, seed: int) -> Difference | None:
        """Return the paired difference of log-loss, after minus before; None where it is not known."""
        if self.after is None or not self.before.has_all_classes:
            return None
        losses = {name: side.rows.summary.nll for name, side in self.sides}
        return paired_differences(losses, "before", self.before.rows.weight, seed=seed)["after"]
