"""The endings by name: the same names in the files of studies."""

from __future__ import annotations

from calibrant.studies.endings.calibrators import CALIBRATORS
from calibrant.studies.endings.diagrams import DIAGRAMS
from calibrant.studies.endings.ending import Ending
from calibrant.studies.endings.factor import FACTOR
from calibrant.studies.endings.losses import LOSSES
from calibrant.studies.endings.overfitting import OVERFITTING
from calibrant.studies.study import EndingName

ENDINGS: dict[EndingName, Ending] = {
    "factor": FACTOR,
    "losses": LOSSES,
    "diagrams": DIAGRAMS,
    "calibrators": CALIBRATORS,
    "overfitting": OVERFITTING,
}
