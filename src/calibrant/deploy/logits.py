"""`LogitsModel`: a calibrator alone as a module, from logits to calibrated probabilities."""

from __future__ import annotations

from typing import final

import numpy as np
import torch
from torch import Tensor, nn

from calibrant._typing import Floats
from calibrant.calibrators import Calibrator
from calibrant.deploy.model import CalibratedModel
from calibrant.predictions import Predictions


@final
class LogitsModel(nn.Module):
    """A calibrator that takes the logits of any network.

    Parameters
    ----------
    calibrator : Calibrator
        Fitted; a method that is a function of the logits.
    """

    def __init__(self, calibrator: Calibrator) -> None:
        super().__init__()
        self.calibrated = CalibratedModel(nn.Identity(), calibrator)
        self._calibrator = calibrator
        self.eval()

    def forward(self, logits: Tensor) -> Tensor:
        """Return probabilities, float32 (n, k), of logits, float32 (n, k)."""
        probs: Tensor = self.calibrated(logits)
        return probs

    def of_calibrator(self, logits: Tensor) -> Floats:
        """Return what the fitted calibrator says without this module, (n, k)."""
        with torch.inference_mode():
            return calibrated_logits(self._calibrator, logits.numpy())


def calibrated_logits(calibrator: Calibrator, logits: np.typing.NDArray[np.float32]) -> Floats:
    """Return the calibrator's probabilities (n, k) of logits (n, k)."""
    # A calibrator looks at no label here, so any will do.
    rows = Predictions.from_logits(logits, np.zeros(len(logits), np.int64))
    return calibrator.transform(rows).probs()
