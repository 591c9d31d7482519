"""What an exported file will say about its calibration."""

from __future__ import annotations

from calibrant._version import __version__
from calibrant.calibrators import AutoCalibrator, Calibrator, TemperatureScaling
from calibrant.errors import InvalidArgument
from calibrant.exported.facts import ModelFacts, PixelFacts, Takes


def facts_for(
    calibrator: Calibrator,
    *,
    classes: tuple[str, ...],
    takes: Takes,
    pixels: PixelFacts | None = None,
    features: int | None = None,
    split_hash: str | None = None,
) -> ModelFacts:
    """Return the facts of a file with this calibrator; of the automatic one, those of what it chose."""
    record, used = calibrator.fitted_on_, chosen(calibrator)
    return ModelFacts(
        method=used.method,
        description=calibrator.describe(),
        temperature=used.temperature_ if isinstance(used, TemperatureScaling) else None,
        classes=classes,
        takes=takes,
        pixels=pixels,
        features=features,
        fitted_on="unknown" if record is None else record.content_hash,
        split_hash=split_hash,
        version=__version__,
    )


def chosen(calibrator: Calibrator) -> Calibrator:
    """Return the calibrator that is used: what the automatic one chose, or any other itself.

    Raises
    ------
    InvalidArgument
        It is no calibrator.
    """
    if not isinstance(calibrator, Calibrator):
        raise InvalidArgument(
            f"a network is calibrated by a fitted calibrator, such as TemperatureScaling(2.0); "
            f"got {type(calibrator).__name__}."
        )
    return calibrator.chosen_ if isinstance(calibrator, AutoCalibrator) else calibrator
