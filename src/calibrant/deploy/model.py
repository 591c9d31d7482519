"""`CalibratedModel`: a network and its calibrator as one module that returns calibrated probabilities."""

from __future__ import annotations

from typing import final

import torch
from torch import Tensor, nn

from calibrant.calibrators import Calibrator
from calibrant.deploy.heads import head_of
from calibrant.errors import IncompatiblePredictions


@final
class CalibratedModel(nn.Module):
    """A network that says calibrated probabilities.

    Parameters
    ----------
    model : nn.Module
        Maps a batch to logits (n, k), or to one logit z a row, (n, 1) or (n,), which stands for the two
        logits (0, z).
    calibrator : Calibrator
        Fitted on logits of this network; a method that is a function of the logits.

    Raises
    ------
    InvalidArgument
        What is given is no calibrator.
    NotFitted
        The calibrator is not fitted.
    IncompatiblePredictions
        The method is looked up in what it saw of its validation rows, or has no head here.

    Notes
    -----
    The calibrator's arithmetic is in float64, as it was fitted, also where the module is cast to another
    type; the probabilities, (n, k), are float32. A class whose logit is −∞ gets no probability where the
    method leaves it out (temperature and ensemble-temperature scaling); the others, which refuse such rows
    in `Calibrator.transform`, answer NaN. Its numbers are buffers, so `state_dict` holds them.

    Examples
    --------
    >>> from calibrant import TemperatureScaling
    >>> model = CalibratedModel(nn.Identity(), TemperatureScaling(2.0))
    >>> [round(p, 3) for p in model(torch.tensor([[2.0, 0.0]]))[0].tolist()]
    [0.731, 0.269]
    """

    def __init__(self, model: nn.Module, calibrator: Calibrator) -> None:
        super().__init__()
        self.model = model
        self.head = head_of(calibrator)
        if (parameter := next(model.parameters(), None)) is not None:
            self.head.to(parameter.device)
        record = calibrator.fitted_on_
        self._k = None if record is None else record.k

    def forward(self, batch: Tensor) -> Tensor:
        """Return the probabilities, float32 (n, k).

        Raises
        ------
        IncompatiblePredictions
            What the network returns are no logits, or those of another number of classes.
        """
        logits = both_logits(self.model(batch))
        if self._k is not None and logits.shape[1] != self._k:
            raise IncompatiblePredictions(
                f"the calibrator was fitted on {self._k} classes; this network has {logits.shape[1]}."
            )
        probs: Tensor = self.head(logits.double())
        return probs.float()


def both_logits(logits: Tensor) -> Tensor:
    """Return logits (n, k), where one logit z a row becomes (0, z)."""
    if not isinstance(logits, Tensor) or logits.dim() not in (1, 2):
        came = f"a tensor {tuple(logits.shape)}" if isinstance(logits, Tensor) else type(logits).__name__
        raise IncompatiblePredictions(
            f"the network must return logits (n, k), (n, 1) or (n,); it returned {came}. "
            "Wrap it in a module that returns its logits alone."
        )
    if logits.dim() == 1:
        logits = logits[:, None]
    if logits.shape[1] == 1:
        return torch.cat((torch.zeros_like(logits), logits), dim=1)
    return logits
