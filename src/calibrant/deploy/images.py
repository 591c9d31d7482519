"""`ImageModel`: from pixels to calibrated probabilities, all in one graph that can be exported."""

from __future__ import annotations

from typing import final

import torch
from torch import Tensor, nn

from calibrant._typing import Floats
from calibrant.calibrators import Calibrator
from calibrant.datasets.normalisation import Normalisation
from calibrant.deploy.logits import calibrated_logits
from calibrant.deploy.model import CalibratedModel


@final
class ImageModel(nn.Module):
    """A calibrated network that takes pixels as they are stored.

    Parameters
    ----------
    net : nn.Module
        Takes normalised images.
    normalisation : Normalisation
        The one that it was trained with.
    calibrator : Calibrator
        Fitted on its logits.
    """

    shift: Tensor
    scale: Tensor

    def __init__(self, net: nn.Module, normalisation: Normalisation, calibrator: Calibrator) -> None:
        super().__init__()
        self.calibrated = CalibratedModel(net, calibrator)
        self._normalisation, self._calibrator = normalisation, calibrator
        for name, constants in (("shift", normalisation.mean), ("scale", normalisation.std)):
            levels = torch.tensor([255 * constant for constant in constants])
            self.register_buffer(name, levels[:, None, None])
        self.eval()

    def forward(self, pixels: Tensor) -> Tensor:
        """Return probabilities, float32 (n, k), of images, uint8 (n, channels, side, side)."""
        probs: Tensor = self.calibrated((pixels.float() - self.shift) / self.scale)
        return probs

    def of_calibrator(self, pixels: Tensor) -> Floats:
        """Return what the network and the fitted calibrator say without this module, (n, k)."""
        with torch.inference_mode():
            logits = self.calibrated.model(self._normalisation.apply(pixels)).float().numpy()
        return calibrated_logits(self._calibrator, logits)
