"""From a trained network to logits, and to the predictions files of a run.

No training and no calibration: what the network says is written down as it is.
"""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

import numpy as np
import numpy.typing as npt
import torch
from torch import nn

from calibrant.atomic import make_folder
from calibrant.datasets.batches import ordered_batches
from calibrant.datasets.images import ImageData, Images
from calibrant.datasets.normalisation import Normalisation
from calibrant.io import write
from calibrant.predictions import Predictions

Logits = npt.NDArray[np.float32]

_BATCH_SIZE = 500


@dataclass(frozen=True)
class RunPredictions:
    """What a network says about the rows it was not trained on.

    Attributes
    ----------
    validation : Predictions
        Logits of the validation rows, to fit calibrators on.
    test : Predictions
        Logits of the test rows, to report on.
    """

    validation: Predictions
    test: Predictions


def predict_logits(net: nn.Module, images: Images, normalisation: Normalisation) -> Logits:
    """Return the logits of `net` for images.

    Parameters
    ----------
    net : nn.Module
        Used in evaluation mode, on the device where its weights are, and put back into its mode.
    images : Images
        On any device.
    normalisation : Normalisation
        The one that the network was trained with.

    Returns
    -------
    array, (n, outputs)
        float32, in the order of the images.
    """
    device = next(net.parameters()).device
    training = net.training
    net.eval()
    try:
        with torch.inference_mode():
            batches = ordered_batches(images.to(device), _BATCH_SIZE, normalisation)
            logits = torch.cat([net(batch.inputs) for batch in batches])
    finally:
        net.train(training)
    return logits.float().cpu().numpy()


def write_predictions(net: nn.Module, data: ImageData, folder: str | Path) -> RunPredictions:
    """Write ``val.npz`` and ``test.npz``, the logits of the validation and the test rows.

    Parameters
    ----------
    net : nn.Module
        A trained network.
    data : ImageData
        The data it was trained with.
    folder : path
        Where the files go; made where it is missing.

    Returns
    -------
    RunPredictions
        What was written.
    """
    folder = make_folder(folder)
    predictions = RunPredictions(
        validation=_predictions(net, data.validation, data), test=_predictions(net, data.test, data)
    )
    write(predictions.validation, folder / "val.npz")
    write(predictions.test, folder / "test.npz")
    return predictions


def _predictions(net: nn.Module, images: Images, data: ImageData) -> Predictions:
    logits = predict_logits(net, images, data.normalisation)
    return Predictions.from_logits(logits, images.labels.numpy(), classes=data.classes)
