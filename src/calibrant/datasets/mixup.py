"""Mixup: an image becomes a weighted mean of two, and so does its loss.

Which images are paired and by how much is drawn here; the loss itself is the training loop's.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import torch
from torch import Tensor


@dataclass(frozen=True, eq=False)
class Mix:
    """How the images of a batch are mixed.

    Attributes
    ----------
    share : float
        Weight λ of each image itself; its partner has 1 − λ.
    partners : Tensor
        int64 (n,), on the CPU: the partner of each image, by its place in the batch.
    """

    share: float
    partners: Tensor


def draw_mix(n: int, alpha: float, generator: np.random.Generator) -> Mix:
    """Draw a share from Beta(α, α) for the whole batch, and a permutation that pairs its images.

    References
    ----------
    Zhang, Cisse, Dauphin & Lopez-Paz, "mixup: Beyond Empirical Risk Minimization", ICLR 2018, equation 1.
    """
    return Mix(float(generator.beta(alpha, alpha)), torch.from_numpy(generator.permutation(n)))
