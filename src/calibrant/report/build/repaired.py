"""The calibrator of a report, given or fitted on validation rows, and what it makes of the test rows.

It never looks at test rows to choose.
"""

from __future__ import annotations

from dataclasses import dataclass

from calibrant.analysis.comparison import SAME_ROWS
from calibrant.calibrators import Calibrator, PlattScaling, TemperatureScaling
from calibrant.calibrators.calibrated import calibrate_top_label
from calibrant.calibrators.temperature_fit import Bound
from calibrant.engine import Engine
from calibrant.errors import FitFailed, IncompatiblePredictions, InvalidArgument, InvalidPredictions
from calibrant.predictions import AnyPredictions, Table, TopLabelPredictions
from calibrant.report.build.method_titles import method_title

Rows = AnyPredictions | Table
"""Predictions in memory or in parts."""


@dataclass(frozen=True, eq=False)
class Repaired:
    """A fitted calibrator and what it has seen.

    Attributes
    ----------
    calibrator : Calibrator
        Fitted.
    given : bool
        Whether it was given and not fitted here.
    of_test, of_validation : bool
        Whether it was fitted on the test rows, and on the validation rows.
    """

    calibrator: Calibrator
    given: bool
    of_test: bool
    of_validation: bool

    @property
    def name(self) -> str:
        """What a sentence calls it."""
        if isinstance(self.calibrator, TemperatureScaling):
            return f"Temperature {self.calibrator.temperature_:#.3g}".rstrip(".")
        return method_title(self.calibrator.method)

    @property
    def bound(self) -> Bound | None:
        """Where the search for a temperature stopped, if not at an optimum."""
        return self.calibrator.bound_ if isinstance(self.calibrator, TemperatureScaling) else None


def repaired(
    test: Rows,
    validation: Rows | None,
    calibrator: Calibrator | None,
    engine: Engine,
) -> Repaired | None:
    """Return the given calibrator, or one that is fitted on the validation rows; None without either.

    Temperature scaling is fitted; on rows of the top label alone, Platt scaling.
    """
    given = calibrator is not None
    if calibrator is None:
        if validation is None:
            return None
        calibrator = _fitted(validation, engine)
    record = calibrator.fitted_on_
    fitted_on = None if record is None else record.content_hash
    return Repaired(
        calibrator,
        given,
        of_test=fitted_on is not None and fitted_on == fingerprint(test),
        of_validation=validation is not None and fitted_on == fingerprint(validation),
    )


def calibrated(test: AnyPredictions, calibrator: Calibrator) -> AnyPredictions:
    """Return the test rows after the calibrator."""
    if isinstance(test, TopLabelPredictions):
        return calibrate_top_label(calibrator, test)
    return calibrator.transform(test)


def check_apart(test: Rows, validation: Rows) -> None:
    """Raise where the validation rows are the test rows, or are of another kind."""
    if isinstance(test, TopLabelPredictions) != isinstance(validation, TopLabelPredictions):
        raise IncompatiblePredictions(
            "one of test and validation has the probabilities of all classes and the other only the top "
            "label's confidence. Give two files of one kind."
        )
    if not isinstance(test, TopLabelPredictions) and test.k != validation.k:
        raise IncompatiblePredictions(f"validation has {validation.k} classes and test has {test.k}.")
    if fingerprint(test) == fingerprint(validation):
        raise InvalidArgument(SAME_ROWS)


def fingerprint(rows: Rows) -> str:
    """Return the fingerprint that a calibrator fitted on such rows remembers."""
    if isinstance(rows, TopLabelPredictions):
        return rows.as_binary().content_hash
    return rows.facts().fingerprint.hexdigest() if isinstance(rows, Table) else rows.content_hash


def temperature_of(repair: Repaired | None, validation: Rows | None, engine: Engine) -> float | None:
    """Return the calibrator's temperature, else that of the validation rows; None where neither is known."""
    if repair is not None and isinstance(repair.calibrator, TemperatureScaling):
        return repair.calibrator.temperature_
    if validation is None or isinstance(validation, TopLabelPredictions):
        return None
    try:
        return TemperatureScaling().fit(validation, engine=engine).temperature_
    except (FitFailed, InvalidPredictions):
        return None


def _fitted(validation: Rows, engine: Engine) -> Calibrator:
    if isinstance(validation, TopLabelPredictions):
        return PlattScaling().fit(validation.as_binary(), engine=engine)
    return TemperatureScaling().fit(validation, engine=engine)
