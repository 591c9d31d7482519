"""The losses by name: what is minimised over the training rows, as a mean over images in nats (Brier: none).

They take a softmax head's logits (n, k) or a sigmoid head's (n, 1), which stand for the two logits (0, z).
"""

from __future__ import annotations

from collections.abc import Callable
from functools import partial

import torch
from torch import Tensor
from torch.nn.functional import cross_entropy, one_hot, pad

from calibrant.datasets.batches import Batch
from calibrant.nets.heads import Head
from calibrant.train.spec import TrainSpec

Loss = Callable[[Tensor, Tensor], Tensor]
"""From logits (n, outputs) and labels (n,) to a scalar."""

_HARD, _EASY, _HARD_BELOW = 5.0, 3.0, 0.2


def loss_of(spec: TrainSpec, head: Head) -> Loss:
    """Return the loss that `spec` names, for the logits of `head`.

    Examples
    --------
    >>> from calibrant.nets.heads import SoftmaxHead
    >>> loss = loss_of(TrainSpec(loss="brier"), SoftmaxHead(2))
    >>> loss(torch.zeros(1, 2), torch.tensor([0]))
    tensor(0.5000)
    """
    losses: dict[str, Loss] = {
        "cross-entropy": head.loss,
        "label-smoothing": partial(smoothed_cross_entropy, smoothing=spec.label_smoothing),
        "focal": partial(focal, gamma=spec.focal_gamma),
        "adaptive-focal": adaptive_focal,
        "brier": brier,
    }
    return losses[spec.loss]


def batch_loss(loss: Loss, logits: Tensor, batch: Batch) -> Tensor:
    """Return the mean loss over the images of `batch`; that of mixed images is mixed as they are.

    With shares λ and 1 − λ it is λ·loss(labels) + (1 − λ)·loss(partners' labels). For losses that are
    linear in a label's distribution that is the loss of the mixed label (Zhang et al. 2018); the Brier
    loss of the mixed label is less by a constant, which has no gradient.
    """
    mixed_in = batch.mixed_in
    if mixed_in is None:
        return loss(logits, batch.labels)
    own, other = loss(logits, batch.labels), loss(logits, mixed_in.labels)
    return (1 - mixed_in.share) * own + mixed_in.share * other


def smoothed_cross_entropy(logits: Tensor, labels: Tensor, *, smoothing: float) -> Tensor:
    """Return the mean of −Σ_c t_c log p_c, where t is (1 − ε)·onehot(label) + ε/k; `smoothing` is ε.

    References
    ----------
    Szegedy, Vanhoucke, Ioffe, Shlens & Wojna, "Rethinking the Inception Architecture for Computer Vision",
    CVPR 2016, section 7.
    """
    return cross_entropy(_class_logits(logits), labels, label_smoothing=smoothing)


def focal(logits: Tensor, labels: Tensor, *, gamma: float) -> Tensor:
    """Return the mean of −(1 − p)^γ log p, where p is the probability of the label.

    References
    ----------
    Lin, Goyal, Girshick, He & Dollár, "Focal Loss for Dense Object Detection", ICCV 2017, equation 4.
    """
    surprise = cross_entropy(_class_logits(logits), labels, reduction="none")
    return (_missing(surprise) ** gamma * surprise).mean()


def adaptive_focal(logits: Tensor, labels: Tensor) -> Tensor:
    """Return the mean focal loss with γ = 5 where the label's probability is below 0.2, else γ = 3.

    References
    ----------
    Mukhoti, Kulharia, Sanyal, Golodetz, Torr & Dokania, "Calibrating Deep Neural Networks using Focal
    Loss", NeurIPS 2020, section 5: sample-dependent schedule FLSD-53.
    """
    surprise = cross_entropy(_class_logits(logits), labels, reduction="none")
    gamma = torch.where(torch.exp(-surprise.detach()) < _HARD_BELOW, _HARD, _EASY)
    return (_missing(surprise) ** gamma * surprise).mean()


def brier(logits: Tensor, labels: Tensor) -> Tensor:
    """Return the mean of Σ_c (p_c − onehot_c)², in 0..2.

    References
    ----------
    Brier, "Verification of Forecasts Expressed in Terms of Probability", Monthly Weather Review 78, 1950.
    """
    probs = _class_logits(logits).softmax(dim=1)
    return (probs - one_hot(labels, probs.shape[1])).square().sum(dim=1).mean()


def _class_logits(logits: Tensor) -> Tensor:
    return pad(logits, (1, 0)) if logits.shape[1] == 1 else logits


def _missing(surprise: Tensor) -> Tensor:
    """Return 1 − p from −log p, never exactly 0: there a power below 1 has no finite slope."""
    return (-torch.expm1(-surprise)).clamp_min(torch.finfo(surprise.dtype).tiny)
