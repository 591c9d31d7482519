"""What a classifier said about rows whose truth is known: the joint of the whole package.

`Predictions` is checked once, where data enter; everything below and above relies on it.
"""

from calibrant.predictions.predictions import Predictions
from calibrant.predictions.raw import RawPredictions

__all__ = ["Predictions", "RawPredictions"]
